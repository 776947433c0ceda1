package dev.tidepool.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * Embedded Tomcat with one servlet. Arguments: port, directory, and {@code tuned} for connections
 * that are not closed after 100 requests, as they are by default.
 */
public final class TomcatPeer {
  private TomcatPeer() {}

  /** See the class. */
  public static void main(String[] arguments) throws LifecycleException {
    var tomcat = new Tomcat();
    tomcat.setBaseDir(arguments[1]);
    var connector = new Connector();
    connector.setPort(Integer.parseInt(arguments[0]));
    connector.setProperty("address", "127.0.0.1");
    if (arguments.length > 2) {
      connector.setProperty("maxKeepAliveRequests", "-1");
    }
    tomcat.setConnector(connector);
    var context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "hello", new HelloServlet()).addMapping(Hello.PATH);
    tomcat.start();
    tomcat.getServer().await();
  }

  private static final class HelloServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      byte[] body = Hello.TEXT.getBytes(UTF_8);
      response.setContentType(Hello.TYPE);
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    }
  }
}
