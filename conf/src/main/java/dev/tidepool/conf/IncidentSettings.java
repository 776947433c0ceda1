package dev.tidepool.conf;

import com.typesafe.config.Config;

/** Evidence that is kept of workers that had to be killed. */
public record IncidentSettings(int keep) {

  static IncidentSettings from(Config root, Problems problems) {
    return new IncidentSettings(new Section(root, "incidents", problems).integer("keep", 1, 1000));
  }
}
