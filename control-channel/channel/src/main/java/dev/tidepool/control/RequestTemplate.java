package dev.tidepool.control;

import java.util.regex.Pattern;

/**
 * What requests of one kind have in common: method and path, as long as {@link RequestTable} keeps
 * them, with numbers and other identifiers left out.
 */
public final class RequestTemplate {
  private static final Pattern IDENTIFIER =
      Pattern.compile(
          "/(?:[0-9]+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4,12}){4})(?=/|$)");

  private RequestTemplate() {}

  /** Of method and path with a space in between. */
  public static String of(String request) {
    String kept = request.substring(0, Math.min(request.length(), RequestTable.LONGEST));
    return IDENTIFIER.matcher(kept).replaceAll("/{id}");
  }
}
