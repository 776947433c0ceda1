/** The worker process: Undertow on sockets it was handed, the app, its drain. */
@NullMarked
package dev.tidepool.worker;

import org.jspecify.annotations.NullMarked;
