/** The access log, and the ids by which a request is found in the logs of others. */
@NullMarked
package dev.tidepool.worker.access;

import org.jspecify.annotations.NullMarked;
