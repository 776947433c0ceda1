/** The system calls that only the session store needs; JNA stays behind it. */
@NullMarked
package dev.tidepool.session.posix;

import org.jspecify.annotations.NullMarked;
