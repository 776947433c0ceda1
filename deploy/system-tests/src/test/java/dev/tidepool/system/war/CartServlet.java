package dev.tidepool.system.war;

import jakarta.annotation.Resource;
import jakarta.servlet.annotation.WebInitParam;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Puts one more item into the cart: {@code ITEMS PID USER VERSION GREETING HANDLED}. */
@WebServlet(
    urlPatterns = {"/cart", "/members/cart"},
    initParams = @WebInitParam(name = "version", value = "of the annotation"))
public final class CartServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Resource(name = "greeting")
  private String greeting = "not injected";

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    if (session.getAttribute("cart") == null) {
      session.setAttribute("cart", new Cart());
    }
    Cart cart = (Cart) session.getAttribute("cart");
    cart.items++;
    response
        .getWriter()
        .printf(
            "%d %d %s %s %s %s",
            cart.items,
            ProcessHandle.current().pid(),
            request.getRemoteUser(),
            getServletContext().getInitParameter("version"),
            greeting,
            getServletContext().getAttribute("handled"));
  }
}
