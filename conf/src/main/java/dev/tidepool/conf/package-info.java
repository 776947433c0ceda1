/**
 * The settings of Tidepool: read from HOCON, checked as a whole, handed on as immutable records.
 */
@NullMarked
package dev.tidepool.conf;

import org.jspecify.annotations.NullMarked;
