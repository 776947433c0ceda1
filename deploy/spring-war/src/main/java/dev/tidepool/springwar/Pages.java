package dev.tidepool.springwar;

import java.io.Serializable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** Counts what a user has seen: changed in place, and never set in the session again. */
@Component
@SessionScope
public class Pages implements Serializable {
  private static final long serialVersionUID = 1L;

  private int seen;

  /** Also this one. */
  public int see() {
    return ++seen;
  }
}
