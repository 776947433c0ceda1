package dev.tidepool.load;

/** A figure that is to be reached, in words, and whether it is. */
record Target(String text, boolean reached) {
  @Override
  public String toString() {
    return String.format("%-12s %s", verdict(), text);
  }

  String verdict() {
    return reached ? "reached" : "NOT REACHED";
  }

  String json() {
    return "{\"target\":\"" + text + "\",\"reached\":" + reached + "}";
  }
}
