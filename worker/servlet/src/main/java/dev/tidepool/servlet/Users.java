package dev.tidepool.servlet;

import dev.tidepool.conf.ServletSettings;
import io.undertow.security.idm.Account;
import io.undertow.security.idm.Credential;
import io.undertow.security.idm.IdentityManager;
import io.undertow.security.idm.PasswordCredential;
import io.undertow.security.idm.X509CertificateCredential;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The users of the configuration. Who was removed by a reload is logged out by it. */
final class Users implements IdentityManager {
  private final Map<String, ServletSettings.User> users;
  private final Passwords passwords = new Passwords();

  Users(Map<String, ServletSettings.User> users) {
    this.users = users;
  }

  /** Of a session: the roles are those of today. */
  @Override
  public @Nullable Account verify(Account account) {
    return account(account.getPrincipal().getName());
  }

  @Override
  public @Nullable Account verify(String name, Credential credential) {
    ServletSettings.User user = users.get(name);
    if (user == null || !(credential instanceof PasswordCredential given)) {
      return null;
    }
    boolean matches =
        user.password().filter(its -> passwords.matches(its, given.getPassword())).isPresent();
    return matches ? account(name) : null;
  }

  /** The subject of a client certificate, which the handshake has verified, is a name. */
  @Override
  public @Nullable Account verify(Credential credential) {
    return credential instanceof X509CertificateCredential given
        ? account(given.getCertificate().getSubjectX500Principal().getName())
        : null;
  }

  private @Nullable Account account(String name) {
    ServletSettings.User user = users.get(name);
    return user == null ? null : new UserAccount(name, user.roles());
  }
}
