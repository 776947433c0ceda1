package dev.tidepool.servlet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares passwords with what the configuration says: the password itself, or {@code
 * pbkdf2:ITERATIONS:SALT:HASH}. BASIC sends the password with every request, so what matched once
 * is remembered, under a key that never leaves this process.
 */
final class Passwords {
  private static final Logger log = LoggerFactory.getLogger(Passwords.class);
  private static final String HASHED = "pbkdf2:";
  private static final int REMEMBERED = 10_000;

  private final SecretKeySpec key;
  private final Map<String, String> remembered = new ConcurrentHashMap<>();

  Passwords() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, "HmacSHA256");
  }

  boolean matches(String configured, char[] given) {
    byte[] bytes = new String(given).getBytes(StandardCharsets.UTF_8);
    if (!configured.startsWith(HASHED)) {
      return MessageDigest.isEqual(configured.getBytes(StandardCharsets.UTF_8), bytes);
    }
    try {
      String trace = trace(bytes);
      if (trace.equals(remembered.get(configured))) {
        return true;
      }
      boolean matches = matchesHash(configured.split(":", -1), given);
      if (matches && remembered.size() < REMEMBERED) {
        remembered.put(configured, trace);
      }
      return matches;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      log.error("a password in servlet.users is no pbkdf2:ITERATIONS:SALT:HASH: {}", e.toString());
      return false;
    }
  }

  private String trace(byte[] password) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(key);
    return Base64.getEncoder().encodeToString(mac.doFinal(password));
  }

  private static boolean matchesHash(String[] parts, char[] given) throws GeneralSecurityException {
    if (parts.length != 4) {
      throw new IllegalArgumentException(parts.length + " parts");
    }
    byte[] salt = Base64.getDecoder().decode(parts[2]);
    byte[] hash = Base64.getDecoder().decode(parts[3]);
    var spec = new PBEKeySpec(given, salt, Integer.parseInt(parts[1]), hash.length * 8);
    byte[] found =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    return MessageDigest.isEqual(found, hash);
  }
}
