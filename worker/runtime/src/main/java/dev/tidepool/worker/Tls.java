package dev.tidepool.worker;

import dev.tidepool.conf.PemFiles;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.ssl.SslConnection;

/** TLS of a listener: its certificates, and that the client chooses HTTP/2 or HTTP/1.1 (ALPN). */
final class Tls {
  private static final String HTTP2 = "h2";
  private static final String HTTP1 = "http/1.1";
  private static final OptionMap OPTIONS =
      OptionMap.create(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"));

  private final UndertowXnioSsl ssl;

  Tls(Xnio xnio, List<PemFiles> certificates) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new NamedCertificates(certificates)}, new TrustManager[0], null);
    ssl = new UndertowXnioSsl(xnio, OPTIONS, context);
  }

  /** The decrypted side of a connection; the handshake happens when it is first read. */
  SslConnection wrap(StreamConnection connection) {
    SslConnection wrapped = ssl.wrapExistingConnection(connection, OPTIONS, false);
    UndertowXnioSsl.getSslEngine(wrapped)
        .setHandshakeApplicationProtocolSelector((engine, offered) -> choose(offered));
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
