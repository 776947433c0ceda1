/** Other servers with the demo app's {@code /hello}, for benchmarks. */
@NullMarked
package dev.tidepool.peer;

import org.jspecify.annotations.NullMarked;
