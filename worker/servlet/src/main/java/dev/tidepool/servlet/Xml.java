package dev.tidepool.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Elements of a deployment descriptor, whatever its namespace: that depends on its version. */
record Xml(Element element) {

  /**
   * Reads a document to its end, and nothing that it refers to.
   *
   * @param name of the document, for the message
   * @throws IOException one line with the place, if it is not well-formed
   */
  static Xml read(InputStream in, String name) throws IOException {
    try (in) {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler()); // throws, and does not print
      builder.setEntityResolver((id, system) -> new InputSource(new StringReader("")));
      return new Xml(builder.parse(in).getDocumentElement());
    } catch (SAXException e) {
      throw new IOException(
          name + ": " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "), e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return element.getLocalName();
  }

  List<Xml> children() {
    List<Xml> children = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(new Xml(child));
      }
    }
    return children;
  }

  List<Xml> children(String name) {
    return children().stream().filter(child -> child.name().equals(name)).toList();
  }

  @Nullable Xml child(String name) {
    List<Xml> found = children(name);
    return found.isEmpty() ? null : found.get(0);
  }

  String text() {
    return element.getTextContent().strip();
  }

  /** Of the child, or null if there is none. */
  @Nullable String text(String child) {
    Xml found = child(child);
    return found == null ? null : found.text();
  }

  /** Of the child. */
  String required(String child) throws IOException {
    String text = text(child);
    if (text == null || text.isEmpty()) {
      throw new IOException("<" + name() + "> has no <" + child + ">");
    }
    return text;
  }

  List<String> texts(String child) {
    return children(child).stream().map(Xml::text).toList();
  }

  @Nullable Integer number(String child) throws IOException {
    String text = text(child);
    try {
      return text == null || text.isEmpty() ? null : Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IOException("<" + child + ">" + text + "</" + child + ">, expected a number", e);
    }
  }

  @Nullable Boolean flag(String child) {
    String text = text(child);
    return text == null ? null : Boolean.valueOf(text);
  }

  String attribute(String name) {
    return element.getAttribute(name);
  }
}
