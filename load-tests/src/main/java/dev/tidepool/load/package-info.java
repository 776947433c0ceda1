/** Benchmarks of a running pool, over plain HTTP. */
@NullMarked
package dev.tidepool.load;

import org.jspecify.annotations.NullMarked;
