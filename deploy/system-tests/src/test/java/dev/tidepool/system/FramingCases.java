package dev.tidepool.system;

import dev.tidepool.system.FramingIT.Case;
import java.util.ArrayList;
import java.util.List;

/** Requests with uncertain, disguised or broken framing, and some that only look so. */
final class FramingCases {
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: tidepool.test\r\n\r\n";

  private final List<Case> cases = new ArrayList<>();

  private FramingCases() {}

  static List<Case> all() {
    var all = new FramingCases();
    all.lengths();
    all.encodings();
    all.chunks();
    all.trailers();
    all.lines();
    all.targets();
    all.paths();
    all.connections();
    return all.cases;
  }

  private void answered(String name, String raw, String... statuses) {
    cases.add(new Case(name, raw, List.of(statuses)));
  }

  /** Answered with 200, as is the request behind it. */
  private void fine(String name, String raw) {
    answered(name, raw, "200", "200");
  }

  /** Answered with 400, and nothing behind it is read. */
  private void bad(String name, String raw) {
    answered(name, raw, "400");
  }

  private static String post(String fields, String body) {
    return "POST /a HTTP/1.1\r\nHost: tidepool.test\r\n" + fields + "\r\n" + body;
  }

  private static String get(String target, String... fields) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: tidepool.test\r\n"
        + String.join("", fields)
        + "\r\n";
  }

  private static String chunked(String body) {
    return post(CHUNKED, body);
  }

  private void lengths() {
    fine("length", post("Content-Length: 5\r\n", "hello"));
    fine("length 0", post("Content-Length: 0\r\n", ""));
    fine("length with leading zeros", post("Content-Length: 0005\r\n", "hello"));
    fine("body on GET", get("/a", "Content-Length: 5\r\n") + "hello");
    fine("no length on POST", post("", ""));
    bad("length twice, different", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"));
    bad("length twice, the same", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"));
    bad("length as a list", post("Content-Length: 5, 5\r\n", "hello"));
    bad("length with a sign", post("Content-Length: +5\r\n", "hello"));
    bad("negative length", post("Content-Length: -5\r\n", "hello"));
    bad("hexadecimal length", post("Content-Length: 0x5\r\n", "hello"));
    bad("length with a space in it", post("Content-Length: 5 5\r\n", "hello"));
    bad("empty length", post("Content-Length: \r\n", "hello"));
    bad("length that is no number", post("Content-Length: five\r\n", "hello"));
    bad("length beyond 64 bits", post("Content-Length: 18446744073709551621\r\n", "hello"));
    answered("length beyond the limit", post("Content-Length: 102401\r\n", ""), "413");
  }

  private void encodings() {
    fine("chunked", chunked("5\r\nhello\r\n0\r\n\r\n"));
    fine("Chunked", post("Transfer-Encoding: Chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"));
    fine("tab before chunked", post("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n"));
    String smuggling = "0\r\n\r\n" + SMUGGLED;
    bad("CL.TE", post("Content-Length: 5\r\n" + CHUNKED, smuggling));
    bad("TE.CL", post(CHUNKED + "Content-Length: 5\r\n", smuggling));
    bad("CL 0 and TE", post("Content-Length: 0\r\n" + CHUNKED, smuggling));
    for (String value :
        List.of(
            "xchunked",
            "chunkedx",
            "chunked, identity",
            "identity, chunked",
            "identity",
            "gzip, chunked",
            "chunked, chunked",
            "chunked,",
            ", chunked",
            "chunked;q=1",
            "\"chunked\"",
            "'chunked'",
            "chun ked",
            "chunked \u00a0",
            "\u000bchunked",
            "chunked\u000c",
            "")) {
      bad("encoding <" + value + ">", post("Transfer-Encoding: " + value + "\r\n", smuggling));
    }
    bad("encoding twice", post(CHUNKED + CHUNKED, smuggling));
    bad("encoding twice, disguised", post(CHUNKED + "Transfer-encoding: cow\r\n", smuggling));
    bad("space before the colon", post("Transfer-Encoding : chunked\r\n", smuggling));
    bad("space before the name", post(" Transfer-Encoding: chunked\r\n", smuggling));
    bad("bare CR in the encoding", post("Transfer-Encoding: chunked\rX: y\r\n", smuggling));
    bad("NUL in the name", post("Transfer-Encoding\0: chunked\r\n", smuggling));
    bad(
        "HTTP/1.0 with an encoding",
        "POST /a HTTP/1.0\r\nHost: tidepool.test\r\nConnection: keep-alive\r\n"
            + CHUNKED
            + "\r\n"
            + smuggling);
  }

  private void chunks() {
    fine("several chunks", chunked("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"));
    fine("upper-case size", chunked("A\r\n0123456789\r\n0\r\n\r\n"));
    fine("size with leading zeros", chunked("005\r\nhello\r\n000\r\n\r\n"));
    fine("extension", chunked("5;name=value\r\nhello\r\n0;last\r\n\r\n"));
    fine("quoted extension", chunked("5;name=\"a;b\"\r\nhello\r\n0\r\n\r\n"));
    fine("data with line ends", chunked("9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n"));
    bad("no digit", chunked(";x\r\n" + SMUGGLED));
    bad("empty size", chunked("\r\n" + SMUGGLED));
    bad("size with a sign", chunked("+5\r\nhello\r\n0\r\n\r\n"));
    bad("negative size", chunked("-1\r\nhello\r\n0\r\n\r\n"));
    bad("size with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n"));
    bad("size with a space before", chunked(" 5\r\nhello\r\n0\r\n\r\n"));
    bad("size with a space in it", chunked("0 5\r\nhello\r\n0\r\n\r\n"));
    bad("size that is no number", chunked("5g\r\nhello\r\n0\r\n\r\n"));
    bad("size beyond 64 bits", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"));
    bad("size ends with LF", chunked("5\nhello\r\n0\r\n\r\n"));
    bad("size ends with CR", chunked("5\rhello\r\n0\r\n\r\n"));
    bad("LF in the extension", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"));
    bad("CR in the extension", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"));
    bad("NUL in the extension", chunked("5;a\0b\r\nhello\r\n0\r\n\r\n"));
    bad("endless extension", chunked("5;" + "x".repeat(5000) + "\r\nhello\r\n0\r\n\r\n"));
    bad("data longer than its size", chunked("5\r\nhello, world\r\n0\r\n\r\n"));
    bad("data ends with LF", chunked("5\r\nhello\n0\r\n\r\n"));
    bad("data ends with CR", chunked("5\r\nhello\r0\r\n\r\n"));
    bad("data without an end", chunked("5\r\nhello0\r\n\r\n"));
    bad("last chunk ends with LF", chunked("5\r\nhello\r\n0\n\r\n"));
    bad("body ends with LF", chunked("5\r\nhello\r\n0\r\n\n"));
    String large = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
    answered("chunks beyond the limit", chunked(large.repeat(26) + "0\r\n\r\n"), "413");
    bad("bad chunk behind what is buffered", chunked(large.repeat(20) + "z\r\n\r\n"));
    fine("chunks beyond what is buffered", chunked(large.repeat(20) + "0\r\n\r\n"));
  }

  private void trailers() {
    fine("trailer", chunked("5\r\nhello\r\n0\r\nDigest: abc\r\n\r\n"));
    fine("trailer that would be framing", chunked("0\r\nContent-Length: 50\r\n\r\n"));
    bad("folded trailer", chunked("0\r\nA: b\r\n c\r\n\r\n"));
    bad("trailer without a colon", chunked("0\r\nabc\r\n\r\n"));
    bad("trailer with a space in its name", chunked("0\r\nA : b\r\n\r\n"));
    bad("trailer ends with LF", chunked("0\r\nA: b\n\r\n"));
    bad("NUL in a trailer", chunked("0\r\nA: \0\r\n\r\n"));
    bad("endless trailer", chunked("0\r\nA: " + "b".repeat(70_000) + "\r\n\r\n"));
  }

  private void lines() {
    bad("empty line first", "\r\n" + get("/a"));
    fine("blanks around a value", get("/a", "A: \t b \t \r\n"));
    fine("folded field, the fold being a space", get("/a", "A: b\r\n c\r\n"));
    fine("folded encoding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"));
    bad("field without a colon", get("/a", "abc\r\n"));
    bad("field without a name", get("/a", ": b\r\n"));
    bad("space in a name", get("/a", "A b: c\r\n"));
    bad("bare CR in a value", get("/a", "A: b\rc\r\n"));
    bad("NUL in a value", get("/a", "A: b\0c\r\n"));
    bad("control byte in a value", get("/a", "A: b\u0001c\r\n"));
    bad("Host twice", get("/a", "Host: tidepool.test\r\n"));
    bad("two different Hosts", get("/a", "Host: other.test\r\n"));
    bad("no Host", "GET /a HTTP/1.1\r\n\r\n");
    bad("Host with a path", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n");
    bad("Host with a user", "GET /a HTTP/1.1\r\nHost: me@a\r\n\r\n");
    bad("too many fields", get("/a", "A: b\r\n".repeat(101)));
    bad("endless field", get("/a", "A: " + "b".repeat(70_000) + "\r\n"));
    bad("lower-case protocol", "GET /a http/1.1\r\nHost: a\r\n\r\n");
    bad("two spaces in the request line", "GET  /a HTTP/1.1\r\nHost: a\r\n\r\n");
    bad("words behind the protocol", "GET /a HTTP/1.1 x\r\nHost: a\r\n\r\n");
    bad("NUL in the method", "GE\0T /a HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  private void targets() {
    fine("absolute form", get("http://tidepool.test/a"));
    bad("absolute form of another host", get("http://other.test/a"));
    bad("user in the target", get("http://me@tidepool.test/a"));
    bad("target without a slash", get("a"));
    bad("asterisk for GET", get("*"));
    answered("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", "501");
    answered("TRACE", "TRACE /a HTTP/1.1\r\nHost: a\r\n\r\n", "501");
    bad("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    answered(
        "HTTP/2 preface in mid-connection", get("/a") + "PRI * HTTP/2.0\r\n\r\n", "200", "400");
    fine(
        "upgrade to h2c",
        get(
            "/a",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"));
    bad("HTTP/2.0", "GET /a HTTP/2.0\r\nHost: a\r\n\r\n");
    fine("HTTP/1.2, to be read as 1.1", "GET /a HTTP/1.2\r\nHost: a\r\n\r\n");
  }

  private void paths() {
    for (String path :
        List.of(
            "/a%20b",
            "/a//b",
            "//a",
            "/./a",
            "/b/../a",
            "/b/./../a",
            "/a/..",
            "/a/.",
            "/a%2fb",
            "/a%2Fb",
            "/b/%2e%2e/a",
            "/b/..%2fa",
            "/a;x",
            "/a;x=1/b",
            "/a%3bx",
            "/a%3fb",
            "/a%25b",
            "/.a",
            "/...",
            "/a/..b",
            "/%c3%a4",
            "/a+b",
            "/a?x=/../b",
            "/a;x?y=1")) {
      fine("path " + path, get(path));
    }
    for (String path :
        List.of(
            "/a%00", "/%", "/%4", "/%zz", "/..", "/a/../..", "/%ff", "/%c0%af", "/a%", "/a\\b")) {
      bad("path " + path, get(path));
    }
    bad("fragment", get("/a#b"));
    bad("control byte in the path", get("/a\u0001"));
  }

  private void connections() {
    answered("close", get("/a", "Connection: close\r\n"), "200");
    answered("close in a list", get("/a", "Connection: a, Close\r\n"), "200");
    answered("close on a second line", get("/a", "Connection: a\r\nConnection: close\r\n"), "200");
    fine("closed", get("/a", "Connection: closed\r\n"));
    answered("HTTP/1.0", "GET /a HTTP/1.0\r\nHost: a\r\n\r\n", "200");
    answered("pipelined", get("/1") + get("/2") + get("/3"), "200", "200", "200", "200");
    answered(
        "Expect", post("Expect: 100-continue\r\nContent-Length: 2\r\n", "ab"), "100", "200", "200");
    answered("another Expect", post("Expect: a\r\nContent-Length: 2\r\n", "ab"), "417");
  }
}
