package dev.tidepool.servlet;

import io.undertow.security.idm.Account;
import java.io.Serializable;
import java.security.Principal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user who is logged in; kept in the session, so that it is so on every worker. */
final class UserAccount implements Account, Principal, Serializable {
  private static final long serialVersionUID = 1;

  private final String name;
  private final List<String> roles;

  UserAccount(String name, List<String> roles) {
    this.name = name;
    this.roles = List.copyOf(roles);
  }

  @Override
  public Principal getPrincipal() {
    return this;
  }

  @Override
  public Set<String> getRoles() {
    return Set.copyOf(roles);
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UserAccount user && user.name.equals(name) && user.roles.equals(roles);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
