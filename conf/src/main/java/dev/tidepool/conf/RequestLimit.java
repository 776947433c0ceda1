package dev.tidepool.conf;

import java.time.Duration;

/**
 * How long a request may take.
 *
 * @param soft logged when it takes longer; zero for never
 * @param hard interrupted when it takes longer; zero for never
 */
public record RequestLimit(Duration soft, Duration hard) {

  static RequestLimit from(Section in) {
    return new RequestLimit(
        in.duration("soft-timeout", "0 s", "24 h"), in.duration("hard-timeout", "0 s", "24 h"));
  }
}
