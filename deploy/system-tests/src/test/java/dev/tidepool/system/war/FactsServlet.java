package dev.tidepool.system.war;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;

/** Tells what it was given. web.xml only names it; a fragment says that this is its class. */
@SuppressWarnings("BanJNDI")
public final class FactsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private int injected;
  private String greeting = "not injected";
  private String constructed = "no";

  @Resource(name = "greeting")
  public void setGreeting(String greeting) {
    this.greeting = greeting;
  }

  @PostConstruct
  void constructed() {
    constructed = "with " + greeting;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var out = response.getWriter();
    out.println("injected " + injected);
    out.println("constructed " + constructed);
    try {
      var initial = new InitialContext();
      var environment = (Context) initial.lookup("java:comp/env");
      out.println("looked up " + initial.lookup("java:comp/env/limits/items"));
      out.println("below a context " + environment.lookup("limits/items"));
      out.println("the same " + initial.lookup("java:comp/env/salute"));
      for (var entry : Collections.list(environment.list(""))) {
        out.println("listed " + entry.getName());
      }
      initial.lookup("java:comp/env/jdbc/orders");
    } catch (NameNotFoundException e) {
      out.println("not there: " + e.getMessage());
    } catch (NamingException e) {
      throw new IOException(e);
    }
    out.println("of web.xml " + getInitParameter("of-web-xml"));
    out.println("of the fragment " + getInitParameter("of-fragment"));
    out.println("first fragment " + getServletContext().getInitParameter("fragment"));
    out.println("started " + getServletContext().getAttribute("started"));
    out.println("customer " + request.isUserInRole("customer"));
  }
}
