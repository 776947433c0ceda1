@NullMarked
package dev.tidepool.worker.strict;

import org.jspecify.annotations.NullMarked;
