@NullMarked
package dev.tidepool.worker.access;

import org.jspecify.annotations.NullMarked;
