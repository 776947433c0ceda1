package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidepool.system.war.CartServlet;
import dev.tidepool.system.war.CertificateServlet;
import dev.tidepool.system.war.DataSourceServlet;
import dev.tidepool.system.war.EchoEndpoint;
import dev.tidepool.system.war.FactsServlet;
import dev.tidepool.system.war.LoudEndpoints;
import dev.tidepool.system.war.Marked;
import dev.tidepool.system.war.Marker;
import dev.tidepool.system.war.MarkerInitializer;
import dev.tidepool.system.war.StartListener;
import dev.tidepool.system.war.UploadServlet;
import dev.tidepool.system.war.VersionServlet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Makes the WAR of the tests, and finds those of others. */
final class Wars {
  /** Of all entries: the same WAR is the same bytes. */
  private static final long TIME = 1_700_000_000_000L;

  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <context-param><param-name>version</param-name><param-value>%s</param-value></context-param>
        <env-entry>
          <env-entry-name>greeting</env-entry-name>
          <env-entry-type>java.lang.String</env-entry-type>
          <env-entry-value>hello</env-entry-value>
        </env-entry>
        <env-entry>
          <env-entry-name>limits/items</env-entry-name>
          <env-entry-value>7</env-entry-value>
          <injection-target>
            <injection-target-class>dev.tidepool.system.war.FactsServlet</injection-target-class>
            <injection-target-name>injected</injection-target-name>
          </injection-target>
        </env-entry>
        <env-entry>
          <env-entry-name>salute</env-entry-name>
          <lookup-name>java:comp/env/greeting</lookup-name>
        </env-entry>
        <listener>
          <listener-class>dev.tidepool.system.war.StartListener</listener-class>
        </listener>
        <servlet>
          <servlet-name>facts</servlet-name>
          <init-param><param-name>of-web-xml</param-name><param-value>said</param-value></init-param>
          <security-role-ref>
            <role-name>customer</role-name><role-link>member</role-link>
          </security-role-ref>
        </servlet>
        <servlet>
          <servlet-name>upload</servlet-name>
          <servlet-class>dev.tidepool.system.war.UploadServlet</servlet-class>
        </servlet>
        <servlet-mapping>
          <servlet-name>upload</servlet-name><url-pattern>/upload</url-pattern>
        </servlet-mapping>
        <jsp-config>
          <jsp-property-group>
            <url-pattern>*.jsp</url-pattern><include-prelude>/prelude.jspf</include-prelude>
          </jsp-property-group>
        </jsp-config>
        <error-page><error-code>404</error-code><location>/lost.html</location></error-page>
        <security-constraint>
          <web-resource-collection>
            <web-resource-name>members</web-resource-name><url-pattern>/members/*</url-pattern>
          </web-resource-collection>
          <auth-constraint><role-name>member</role-name></auth-constraint>
        </security-constraint>
        <login-config>
          <auth-method>FORM</auth-method>
          <form-login-config>
            <form-login-page>/login.html</form-login-page>
            <form-error-page>/wrong.html</form-error-page>
          </form-login-config>
        </login-config>
        <security-role><role-name>member</role-name></security-role>
      </web-app>
      """;

  /** Of the jar that comes second by its name, and first by what it says. */
  private static final String FRAGMENT =
      """
      <web-fragment xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <name>facts</name>
        <ordering><before><others/></before></ordering>
        <context-param>
          <param-name>fragment</param-name><param-value>facts</param-value>
        </context-param>
        <servlet>
          <servlet-name>facts</servlet-name>
          <servlet-class>dev.tidepool.system.war.FactsServlet</servlet-class>
          <init-param><param-name>of-web-xml</param-name><param-value>no</param-value></init-param>
          <init-param><param-name>of-fragment</param-name><param-value>said</param-value></init-param>
        </servlet>
        <servlet-mapping>
          <servlet-name>facts</servlet-name>
          <url-pattern>/facts</url-pattern><url-pattern>/members/facts</url-pattern>
        </servlet-mapping>
      </web-fragment>
      """;

  private static final String OTHER_FRAGMENT =
      """
      <web-fragment xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <name>marker</name>
        <context-param>
          <param-name>fragment</param-name><param-value>marker</param-value>
        </context-param>
      </web-fragment>
      """;

  private static final String JSP =
      """
      <%@ page contentType="text/html;charset=UTF-8" pageEncoding="UTF-8" %>
      <%@ taglib prefix="c" uri="jakarta.tags.core" %>
      <c:forEach var="i" begin="1" end="3"><c:out value="${i * i}"/>;</c:forEach>
      """;

  private Wars() {}

  /** Its files by their paths. */
  static Map<String, byte[]> files(String version) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("WEB-INF/web.xml", WEB_XML.formatted(version).getBytes(UTF_8));
    files.put("index.html", "the front page\n".getBytes(UTF_8));
    files.put("login.html", "please log in".getBytes(UTF_8));
    files.put("wrong.html", "that was wrong".getBytes(UTF_8));
    files.put("lost.html", "lost?".getBytes(UTF_8));
    files.put("prelude.jspf", "squares: ".getBytes(UTF_8));
    files.put("squares.jsp", JSP.getBytes(UTF_8));
    for (Class<?> type :
        new Class<?>[] {
          CartServlet.class,
          EchoEndpoint.class,
          LoudEndpoints.class,
          LoudEndpoints.Loud.class,
          Marked.class,
          StartListener.class,
          UploadServlet.class,
          VersionServlet.class
        }) {
      files.put("WEB-INF/classes/" + file(type), bytes(type));
    }
    files.put(
        "WEB-INF/classes/dev/tidepool/system/war/Cart.class",
        bytes(CartServlet.class, "Cart.class"));
    files.put("WEB-INF/lib/marker.jar", zip(jar()));
    files.put(
        "WEB-INF/lib/second.jar",
        zip(
            Map.of(
                "META-INF/web-fragment.xml",
                FRAGMENT.getBytes(UTF_8),
                file(FactsServlet.class),
                bytes(FactsServlet.class))));
    return files;
  }

  private static Map<String, byte[]> jar() {
    return Map.of(
        "META-INF/services/jakarta.servlet.ServletContainerInitializer",
        MarkerInitializer.class.getName().getBytes(UTF_8),
        "META-INF/web-fragment.xml",
        OTHER_FRAGMENT.getBytes(UTF_8),
        "META-INF/resources/from-jar.txt",
        "from the jar".getBytes(UTF_8),
        file(Marker.class),
        bytes(Marker.class),
        file(MarkerInitializer.class),
        bytes(MarkerInitializer.class));
  }

  static byte[] war(String version) {
    return zip(files(version));
  }

  /** With a web.xml that breaks off. */
  static byte[] broken() {
    Map<String, byte[]> files = files("broken");
    files.put("WEB-INF/web.xml", "<web-app><servlet></web-app>".getBytes(UTF_8));
    return zip(files);
  }

  /** That knows its members by their certificates. */
  static byte[] ofClientCertificates() {
    Map<String, byte[]> files = files("certificates");
    String descriptor = WEB_XML.formatted("certificates");
    int login = descriptor.indexOf("<login-config>");
    int end = descriptor.indexOf("</login-config>");
    descriptor =
        descriptor.substring(0, login)
            + "<login-config><auth-method>CLIENT-CERT</auth-method>"
            + descriptor.substring(end);
    files.put("WEB-INF/web.xml", descriptor.getBytes(UTF_8));
    files.put("WEB-INF/classes/" + file(CertificateServlet.class), bytes(CertificateServlet.class));
    return zip(files);
  }

  /** That wants an EJB and a data source. */
  static byte[] ofAnotherServer() {
    Map<String, byte[]> files = files("other");
    String descriptor =
        "<web-app><ejb-ref/><resource-ref><res-ref-name>jdbc/orders</res-ref-name>"
            + "<res-type>javax.sql.DataSource</res-type></resource-ref></web-app>";
    files.put("WEB-INF/web.xml", descriptor.getBytes(UTF_8));
    return zip(files);
  }

  /** Whose servlet wants to be given a data source. */
  static byte[] ofDataSource() {
    Map<String, byte[]> files = files("orders");
    files.put("WEB-INF/classes/" + file(DataSourceServlet.class), bytes(DataSourceServlet.class));
    return zip(files);
  }

  /** Where one of others is, by the name of the system property that says so. */
  static Path path(String name) {
    return Path.of(Objects.requireNonNull(System.getProperty("tidepool.test.war." + name)));
  }

  static byte[] ofOthers(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Jetty's own, with the libraries that it expects of its server, and without the servlet that is
   * made for Jetty's WebSockets.
   */
  static byte[] ofJetty() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (var in = new ZipInputStream(new ByteArrayInputStream(ofOthers("jetty")))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), in.readAllBytes());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    for (String library : new String[] {"jetty-servlets", "jetty-util", "slf4j"}) {
      files.put("WEB-INF/lib/" + library + ".jar", ofOthers(library));
    }
    String descriptor = new String(files.get("WEB-INF/web.xml"), UTF_8);
    descriptor =
        descriptor.replaceAll(
            "(?s)<(servlet|servlet-mapping)>\\s*<servlet-name>WSChat</servlet-name>.*?</\\1>", "");
    files.put("WEB-INF/web.xml", descriptor.getBytes(UTF_8));
    return zip(files);
  }

  private static String file(Class<?> type) {
    return type.getName().replace('.', '/') + ".class";
  }

  private static byte[] bytes(Class<?> type) {
    return bytes(type, type.getName().replaceFirst(".*\\.", "") + ".class");
  }

  private static byte[] bytes(Class<?> beside, String name) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] zip(Map<String, byte[]> files) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        var entry = new ZipEntry(file.getKey());
        entry.setTime(TIME);
        out.putNextEntry(entry);
        out.write(file.getValue());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
