/** Tests of what the benchmarks compute. */
@NullMarked
package dev.tidepool.load;

import org.jspecify.annotations.NullMarked;
