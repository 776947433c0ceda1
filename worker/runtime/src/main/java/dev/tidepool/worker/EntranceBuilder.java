package dev.tidepool.worker;

import dev.tidepool.conf.CertificateFiles;
import dev.tidepool.conf.ListenAddress;
import dev.tidepool.conf.ListenSettings;
import dev.tidepool.conf.ListenerSettings;
import dev.tidepool.conf.PemFiles;
import dev.tidepool.conf.TrustedPeers;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xnio.Xnio;

/** Makes the entrances that the settings ask for. */
final class EntranceBuilder {
  private final Map<CertificateFiles, PemFiles> read = new LinkedHashMap<>();

  private final Map<Path, List<X509Certificate>> authorities = new LinkedHashMap<>();

  private EntranceBuilder() {}

  /**
   * One for each listener.
   *
   * @param copies directory of the generation's copies of the certificates
   * @throws AppFailure if a certificate cannot be used
   */
  static List<Entrance> build(ListenSettings settings, Path copies) throws AppFailure {
    var builder = new EntranceBuilder();
    try {
      List<CertificateFiles> files = settings.certificates();
      for (int i = 0; i < files.size(); i++) {
        builder.read.put(files.get(i), PemFiles.read(CertificateFiles.copy(copies, i)));
      }
      List<Path> authorities = settings.authorities();
      for (int i = 0; i < authorities.size(); i++) {
        builder.authorities.put(
            authorities.get(i),
            PemFiles.certificates(CertificateFiles.copyOfAuthorities(copies, i)));
      }
      List<Entrance> entrances = new ArrayList<>();
      for (ListenerSettings listener : settings.listeners()) {
        entrances.add(builder.entrance(listener));
      }
      return entrances;
    } catch (IOException | GeneralSecurityException e) {
      throw new AppFailure("start", "TLS: " + Causes.describe(e), e);
    }
  }

  private Entrance entrance(ListenerSettings listener)
      throws GeneralSecurityException, IOException {
    return new Entrance(
        listener.address() instanceof ListenAddress.Unix,
        listener.h2c(),
        listener.tls() ? tls(listener) : null,
        listener.proxyProtocol() ? listener.trusted() : TrustedPeers.NONE);
  }

  private @Nullable Tls tls(ListenerSettings listener)
      throws GeneralSecurityException, IOException {
    List<PemFiles> certificates = listener.certificates().stream().map(read::get).toList();
    List<X509Certificate> trusted = listener.authorities().map(authorities::get).orElse(List.of());
    return new Tls(Xnio.getInstance(), certificates, listener.clientCertificates(), trusted);
  }
}
