/** Tests of the shared sessions, in this process and in several. */
@NullMarked
package dev.tidepool.session;

import org.jspecify.annotations.NullMarked;
