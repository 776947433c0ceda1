package dev.tidepool.system.war;

import jakarta.annotation.Resource;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Wants what only a full server has. */
@WebServlet("/orders")
public final class DataSourceServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Resource private transient @Nullable DataSource orders;

  @Override
  public String getServletInfo() {
    return String.valueOf(orders);
  }
}
