package dev.tidepool.worker.access;

import dev.tidepool.control.WorkerIdentity;
import io.undertow.server.HttpServerExchange;

/**
 * A request that has been answered.
 *
 * @param target as it was sent, with the query
 */
record Entry(
    HttpServerExchange exchange,
    String target,
    long epochMillis,
    long durationMicros,
    WorkerIdentity worker) {}
