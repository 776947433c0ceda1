package dev.tidepool.system.war;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** Counts how often it is called; web.xml lists it, too. */
@WebListener
public final class StartListener implements ServletContextListener {
  @Override
  public void contextInitialized(ServletContextEvent event) {
    Object before = event.getServletContext().getAttribute("started");
    event.getServletContext().setAttribute("started", before == null ? 1 : (int) before + 1);
  }
}
