/** What Tidepool asks of Linux, spoken as intent; the only package that knows JNA. */
@NullMarked
package dev.tidepool.posix;

import org.jspecify.annotations.NullMarked;
