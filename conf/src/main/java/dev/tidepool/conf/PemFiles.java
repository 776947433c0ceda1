package dev.tidepool.conf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its private key, read from PEM files.
 *
 * @param chain the certificate first
 */
public record PemFiles(List<X509Certificate> chain, PrivateKey key) {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {2, 1, 0};

  /**
   * Reads both files and tries the key on the certificate.
   *
   * @throws IOException whose one-line message names the file, and what is wrong and expected
   */
  public static PemFiles read(CertificateFiles files) throws IOException {
    List<X509Certificate> chain = certificates(files.certificate());
    X509Certificate certificate = chain.get(0);
    PrivateKey key = key(files.key(), certificate);
    if (!matches(key, certificate)) {
      throw new IOException(
          files.key()
              + ": not the key of the certificate in "
              + files.certificate()
              + " ("
              + certificate.getSubjectX500Principal()
              + ")");
    }
    return new PemFiles(chain, key);
  }

  /**
   * All certificates of a file, at least one.
   *
   * @throws IOException as {@link #read}
   */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (CertificateException e) {
      throw new IOException(
          file + ": broken certificate, expected PEM (-----BEGIN CERTIFICATE-----)", e);
    }
    throw new IOException(file + ": no certificate, expected PEM (-----BEGIN CERTIFICATE-----)");
  }

  private static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
    Matcher pem = KEY.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new IOException(file + ": no private key, expected PEM (-----BEGIN PRIVATE KEY-----)");
    }
    if (pem.group(1).startsWith("ENCRYPTED") || pem.group(2).contains("ENCRYPTED")) {
      throw new IOException(
          file + ": the key is encrypted; `openssl pkey -in FILE -out PLAIN` takes that away");
    }
    String algorithm = certificate.getPublicKey().getAlgorithm();
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
      byte[] pkcs8 = pem.group(1).equals("PRIVATE KEY") ? der : pkcs8(der, certificate);
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          file + ": no " + algorithm + " key as its certificate needs, or broken: " + e, e);
    }
  }

  /**
   * PKCS#1 and SEC1 keys lack what PKCS#8 puts before them, the algorithm with its parameters: it
   * stands at the beginning of the certificate's public key, too.
   */
  private static byte[] pkcs8(byte[] key, X509Certificate certificate) {
    byte[] publicKey = certificate.getPublicKey().getEncoded();
    int content = (publicKey[1] & 0x80) == 0 ? 2 : 2 + (publicKey[1] & 0x7f);
    int algorithmBytes = 2 + publicKey[content + 1];
    var inner = new ByteArrayOutputStream();
    inner.writeBytes(VERSION_0);
    inner.write(publicKey, content, algorithmBytes);
    inner.writeBytes(der(OCTET_STRING, key));
    return der(SEQUENCE, inner.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int sign = length[0] == 0 ? 1 : 0;
      out.write(0x80 | (length.length - sign));
      out.write(length, sign, length.length - sign);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static boolean matches(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] probe = {1, 2, 3};
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // keys of different sizes or curves
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": permission denied", e);
    }
  }
}
