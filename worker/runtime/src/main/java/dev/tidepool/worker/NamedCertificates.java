package dev.tidepool.worker;

import dev.tidepool.conf.PemFiles;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a certificate by the name that the client asks for (SNI). Of several for one name the
 * client's algorithms decide; the first one answers all names that none is for.
 */
final class NamedCertificates extends X509ExtendedKeyManager {
  private static final int DNS_NAME = 2;

  private final List<PemFiles> certificates;
  private final List<List<String>> names;

  NamedCertificates(List<PemFiles> certificates) {
    this.certificates = certificates;
    this.names = certificates.stream().map(pem -> names(pem.chain().get(0))).toList();
  }

  /** The DNS names of the certificate; its common name does not count any more (RFC 6125). */
  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          if (name.get(0).equals(DNS_NAME)) {
            names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException e) {
      return List.of(); // still good for clients that ask for no name
    }
    return names;
  }

  /** An alias is the number of a certificate. */
  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    List<Integer> candidates = named(askedFor(engine));
    for (int candidate : candidates.isEmpty() ? List.of(0) : candidates) {
      if (certificates.get(candidate).key().getAlgorithm().equals(keyType)) {
        return Integer.toString(candidate);
      }
    }
    return null;
  }

  private List<Integer> named(@Nullable String host) {
    List<Integer> exact = new ArrayList<>();
    List<Integer> wildcard = new ArrayList<>();
    if (host != null) {
      int dot = host.indexOf('.');
      String siblings = dot < 0 ? host : "*" + host.substring(dot);
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).contains(host)) {
          exact.add(i);
        } else if (names.get(i).contains(siblings)) {
          wildcard.add(i);
        }
      }
    }
    return exact.isEmpty() ? wildcard : exact;
  }

  private static @Nullable String askedFor(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      return session.getRequestedServerNames().stream()
          .filter(SNIHostName.class::isInstance)
          .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
          .findFirst()
          .orElse(null);
    }
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return certificates.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return certificates.get(Integer.parseInt(alias)).key();
  }

  // ---- not asked of a server with engines ----

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
