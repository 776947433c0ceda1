package dev.tidepool.worker;

import dev.tidepool.conf.ClientCertificates;
import dev.tidepool.conf.PemFiles;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.ssl.SslConnection;

/**
 * TLS of a listener: its certificates, those it asks of clients, and that the client chooses HTTP/2
 * or HTTP/1.1 (ALPN).
 */
final class Tls {
  private static final String HTTP2 = "h2";
  private static final String HTTP1 = "http/1.1";
  private static final OptionMap OPTIONS =
      OptionMap.create(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"));

  private final UndertowXnioSsl ssl;
  private final ClientCertificates asked;

  /**
   * @param authorities whose client certificates are trusted
   */
  Tls(
      Xnio xnio,
      List<PemFiles> certificates,
      ClientCertificates asked,
      List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    this.asked = asked;
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new NamedCertificates(certificates)}, trust(authorities), null);
    ssl = new UndertowXnioSsl(xnio, OPTIONS, context);
  }

  private static TrustManager[] trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    if (authorities.isEmpty()) {
      return new TrustManager[0];
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry(Integer.toString(i), authorities.get(i));
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return managers.getTrustManagers();
  }

  /** The decrypted side of a connection; the handshake happens when it is first read. */
  SslConnection wrap(StreamConnection connection) {
    SslConnection wrapped = ssl.wrapExistingConnection(connection, OPTIONS, false);
    SSLEngine engine = UndertowXnioSsl.getSslEngine(wrapped);
    engine.setHandshakeApplicationProtocolSelector((its, offered) -> choose(offered));
    switch (asked) {
      case OFF -> {}
      case WANTED -> engine.setWantClientAuth(true);
      case REQUIRED -> engine.setNeedClientAuth(true);
    }
    return wrapped;
  }

  private static String choose(List<String> offered) {
    return offered.contains(HTTP2) ? HTTP2 : offered.contains(HTTP1) ? HTTP1 : "";
  }

  /** What was chosen; known once something could be read. */
  static boolean choseHttp2(SslConnection connection) {
    SSLEngine engine = UndertowXnioSsl.getSslEngine(connection);
    return HTTP2.equals(engine.getApplicationProtocol());
  }
}
