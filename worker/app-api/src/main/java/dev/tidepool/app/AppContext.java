package dev.tidepool.app;

import com.codahale.metrics.MetricRegistry;
import com.typesafe.config.Config;
import java.util.function.Consumer;

/** What a worker gives its app at start. */
public interface AppContext {

  /** The app's {@code settings} in the configuration, as they stand. */
  Config settings();

  /** Metrics of the app in this worker. */
  MetricRegistry metrics();

  /** Generation of configuration and app that this worker belongs to, from 1. */
  int generation();

  /** Process id of this worker. */
  int pid();

  /**
   * What an app does that has WebSockets, event streams or long polls: the worker leaves, finishes
   * its requests and would cut these at {@code drain.timeout}.
   *
   * @param listener called once, as the drain begins; it names all that are open by then
   */
  void onDrain(Consumer<Departure> listener);
}
