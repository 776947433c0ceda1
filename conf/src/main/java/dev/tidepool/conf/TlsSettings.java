package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.util.List;

/** What all HTTPS listeners share. */
public record TlsSettings(List<CertificateFiles> certificates) {

  static TlsSettings from(Config root, Problems problems) {
    var in = new Section(root, "tls", problems);
    return new TlsSettings(CertificateFiles.list(in, "certificates"));
  }
}
