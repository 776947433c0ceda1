package dev.tidepool.system.war;

import java.io.Serializable;

/** Kept in the session, and changed there in place. */
final class Cart implements Serializable {
  private static final long serialVersionUID = 1;

  int items;
}
