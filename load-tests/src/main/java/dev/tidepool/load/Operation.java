package dev.tidepool.load;

import java.io.IOException;
import java.util.Locale;

/** What a request does to its session. */
enum Operation {
  GET,
  PUT,
  GET_PUT;

  /**
   * Does it to the selected session.
   *
   * @param fresh what a put without a get stores
   * @return what was read, or {@code fresh}
   */
  byte[] perform(StoreClient client, byte[] fresh) throws IOException {
    return switch (this) {
      case GET -> client.get();
      case PUT -> {
        client.put(fresh);
        yield fresh;
      }
      case GET_PUT -> {
        byte[] read = client.get();
        client.put(read);
        yield read;
      }
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '+');
  }
}
