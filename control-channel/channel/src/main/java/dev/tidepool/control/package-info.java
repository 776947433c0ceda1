/** What master, workers and operators say to each other, and the scoreboard that they share. */
@NullMarked
package dev.tidepool.control;

import org.jspecify.annotations.NullMarked;
