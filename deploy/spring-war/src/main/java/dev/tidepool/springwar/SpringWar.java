package dev.tidepool.springwar;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;

/**
 * Started by the servlet container. Spring Boot asks for a log-in on every page, by its own form.
 */
@SpringBootApplication
public class SpringWar extends SpringBootServletInitializer {

  @Override
  protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
    return builder.sources(SpringWar.class);
  }
}
