package dev.tidepool.springwar;

import java.io.Serializable;

/** What the form has been told so far. */
public class Order implements Serializable {
  private static final long serialVersionUID = 1L;

  private String item = "";
  private String street = "";

  public String getItem() {
    return item;
  }

  public void setItem(String item) {
    this.item = item;
  }

  public String getStreet() {
    return street;
  }

  public void setStreet(String street) {
    this.street = street;
  }
}
