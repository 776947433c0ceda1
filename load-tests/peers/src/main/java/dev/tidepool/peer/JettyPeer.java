package dev.tidepool.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Embedded Jetty with one handler, no servlets. Arguments: port, and the number of selectors for a
 * handler that runs on them; without, Jetty chooses, and hands the request to its thread pool.
 */
public final class JettyPeer {
  private JettyPeer() {}

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    boolean tuned = arguments.length > 1;
    var server = new Server();
    var connector =
        tuned
            ? new ServerConnector(server, 1, Integer.parseInt(arguments[1]))
            : new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(arguments[0]));
    server.addConnector(connector);
    server.setHandler(tuned ? new NonBlockingHello() : new BlockingHello());
    server.start();
    server.join();
  }

  private static boolean answer(Request request, Response response, Callback callback) {
    if (!Request.getPathInContext(request).equals(Hello.PATH)) {
      return false;
    }
    byte[] body = Hello.TEXT.getBytes(UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Hello.TYPE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static final class BlockingHello extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      return answer(request, response, callback);
    }
  }

  private static final class NonBlockingHello extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      return answer(request, response, callback);
    }
  }
}
