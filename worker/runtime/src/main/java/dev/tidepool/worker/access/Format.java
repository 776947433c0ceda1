package dev.tidepool.worker.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a line of a request. No value can end the line, or the quotes that it stands in. */
interface Format {

  /** Appends a line without its end, in ASCII. */
  void append(Entry entry, StringBuilder line);

  /**
   * The format of this name, or with this pattern.
   *
   * @throws IllegalArgumentException if it names a field that there is not
   */
  static Format of(String format) {
    return switch (format) {
      case "json" -> new Json();
      case "combined" ->
          new Text(
              "$remote_addr - $remote_user [$time_local] \"$request\" $status $bytes_sent"
                  + " \"$referer\" \"$user_agent\"");
      default -> new Text(format);
    };
  }

  /** A pattern; "-" stands for what a request does not have. */
  final class Text implements Format {
    private static final Pattern NAME = Pattern.compile("\\$([a-z0-9_]+)");

    private record Part(String before, Field field) {}

    private final List<Part> parts = new ArrayList<>();
    private final String end;

    Text(String pattern) {
      Matcher name = NAME.matcher(pattern);
      int at = 0;
      while (name.find()) {
        parts.add(new Part(pattern.substring(at, name.start()), field(name.group(1))));
        at = name.end();
      }
      end = pattern.substring(at);
    }

    private static Field field(String name) {
      for (Field field : Field.values()) {
        if (field.key().equals(name)) {
          return field;
        }
      }
      List<String> all = new ArrayList<>();
      for (Field field : Field.values()) {
        all.add("$" + field.key());
      }
      throw new IllegalArgumentException(
          "access-log.format: no field $" + name + ", expected " + String.join(", ", all));
    }

    @Override
    public void append(Entry entry, StringBuilder line) {
      for (Part part : parts) {
        line.append(part.before);
        String value = part.field.of(entry);
        if (value == null) {
          line.append('-');
        } else {
          escape(value, line);
        }
      }
      line.append(end);
    }

    /** As nginx does: bytes that are not printable ASCII, and quotes, as \xHH. */
    private static void escape(String value, StringBuilder line) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
          line.append(c);
        } else {
          line.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02X" : "\\u%04X", (int) c));
        }
      }
    }
  }

  /** An object with all fields that the request has. */
  final class Json implements Format {

    @Override
    public void append(Entry entry, StringBuilder line) {
      char separator = '{';
      for (Field field : Field.values()) {
        String value = field.of(entry);
        if (value != null) {
          line.append(separator).append('"').append(field.key()).append("\":");
          separator = ',';
          if (field.number) {
            line.append(value);
          } else {
            line.append('"');
            escape(value, line);
            line.append('"');
          }
        }
      }
      line.append('}');
    }

    private static void escape(String value, StringBuilder line) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '"' || c == '\\') {
          line.append('\\').append(c);
        } else if (c >= ' ' && c < 0x7f) {
          line.append(c);
        } else {
          line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
      }
    }
  }
}
