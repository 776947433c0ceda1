package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * PEM files of a TLS certificate.
 *
 * @param certificate the certificate, then those between it and the root
 * @param key its private key
 */
public record CertificateFiles(Path certificate, Path key) {
  private static final Config DEFAULTS =
      ConfigFactory.parseString("certificate = \"/\", key = \"/\"");

  /** The files of copy number {@code number} in a directory of copies. */
  public static CertificateFiles copy(Path directory, int number) {
    return new CertificateFiles(
        directory.resolve(number + ".crt"), directory.resolve(number + ".key"));
  }

  /** The file of copy number {@code number} of the authorities there. */
  public static Path copyOfAuthorities(Path directory, int number) {
    return directory.resolve(number + ".ca");
  }

  static List<CertificateFiles> list(Section in, String key) {
    var list = new ArrayList<CertificateFiles>();
    for (Section.Item item : in.items(key)) {
      if (item.value() instanceof ConfigObject object) {
        Section files = in.of(item.key(), object, DEFAULTS);
        files.onlyKnown();
        list.add(new CertificateFiles(path(files, "certificate"), path(files, "key")));
      } else {
        in.problem(key, "expected a section { certificate = …, key = … } or a list of them");
      }
    }
    return List.copyOf(list);
  }

  private static Path path(Section in, String key) {
    Path path = in.path(key);
    in.require(path.isAbsolute(), key, "expected an absolute path");
    return path;
  }
}
