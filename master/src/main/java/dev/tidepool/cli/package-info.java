/** The command line of Tidepool. */
@NullMarked
package dev.tidepool.cli;

import org.jspecify.annotations.NullMarked;
