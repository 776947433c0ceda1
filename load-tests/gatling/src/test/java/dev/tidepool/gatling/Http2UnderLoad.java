package dev.tidepool.gatling;

import io.gatling.http.response.Response;
import io.gatling.javaapi.http.HttpProtocolBuilder;

/** A reload under load loses nothing on HTTP/2 over TLS either. */
public final class Http2UnderLoad extends DisturbedLoad {
  public Http2UnderLoad() {
    super(protocol(), Pool::reload, Target.hello(), Target.slow());
  }

  private static HttpProtocolBuilder protocol() {
    return Target.at(System.getProperty("tidepool.https", Target.ADDRESS))
        .enableHttp2()
        .transformResponse((response, session) -> requireHttp2(response));
  }

  /** Gatling takes HTTP/1.1 if that is all it is offered. */
  private static Response requireHttp2(Response response) {
    if (!response.isHttp2()) {
      throw new IllegalStateException("not answered by HTTP/2");
    }
    return response;
  }
}
