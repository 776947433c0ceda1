/** System tests: the assembled distribution, real processes, real signals, real sockets. */
@NullMarked
package dev.tidepool.system;

import org.jspecify.annotations.NullMarked;
