package dev.tidepool.springwar;

import java.security.Principal;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.SessionAttributes;
import org.springframework.web.bind.support.SessionStatus;
import org.springframework.web.util.HtmlUtils;

/** A form of three steps, which keeps what it was told in the session. */
@RestController
@SessionAttributes("order")
public class OrderController {
  private final Pages pages;

  OrderController(Pages pages) {
    this.pages = pages;
  }

  @ModelAttribute("order")
  Order order() {
    return new Order();
  }

  @GetMapping("/")
  String front(Principal user) {
    return page("Welcome, " + escaped(user.getName()));
  }

  @GetMapping("/order")
  String item(@ModelAttribute("order") Order order, CsrfToken token) {
    return form("/order/item", "item", token);
  }

  @PostMapping("/order/item")
  String street(@ModelAttribute("order") Order order, CsrfToken token) {
    return form("/order/street", "street", token);
  }

  @PostMapping("/order/street")
  String confirm(@ModelAttribute("order") Order order, CsrfToken token) {
    return form("/order/confirm", "sure", token);
  }

  @PostMapping("/order/confirm")
  String done(@ModelAttribute("order") Order order, Principal user, SessionStatus status) {
    status.setComplete();
    return page(escaped(user.getName() + " gets " + order.getItem() + " to " + order.getStreet()));
  }

  private String form(String action, String field, CsrfToken token) {
    return page(
        """
        <form method="post" action="%s">
          <input name="%s"/>
          <input name="%s" type="hidden" value="%s" />
        </form>
        """
            .formatted(action, field, token.getParameterName(), token.getToken()));
  }

  private String page(String body) {
    return "<html><body>" + body + "<p>page " + pages.see() + "</p></body></html>";
  }

  private static String escaped(String text) {
    return HtmlUtils.htmlEscape(text);
  }
}
