/** Gatling simulations: what users of a pool notice of what is done to it. Plain HTTP only. */
@NullMarked
package dev.tidepool.gatling;

import org.jspecify.annotations.NullMarked;
