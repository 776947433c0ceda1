package dev.tidepool.app;

import com.codahale.metrics.MetricRegistry;
import com.typesafe.config.Config;

/** What a worker gives its app at start. */
public interface AppContext {

  /** {@code app.settings} of the configuration, as it stands. */
  Config settings();

  /** Metrics of the app in this worker. */
  MetricRegistry metrics();

  /** Generation of configuration and app that this worker belongs to, from 1. */
  int generation();

  /** Process id of this worker. */
  int pid();
}
