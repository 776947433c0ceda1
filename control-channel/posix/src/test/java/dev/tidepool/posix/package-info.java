@NullMarked
package dev.tidepool.posix;

import org.jspecify.annotations.NullMarked;
