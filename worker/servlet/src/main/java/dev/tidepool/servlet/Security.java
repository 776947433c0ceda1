package dev.tidepool.servlet;

import io.undertow.security.impl.ClientCertAuthenticationMechanism;
import io.undertow.servlet.api.AuthMethodConfig;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.HttpMethodSecurityInfo;
import io.undertow.servlet.api.LoginConfig;
import io.undertow.servlet.api.SecurityConstraint;
import io.undertow.servlet.api.SecurityInfo;
import io.undertow.servlet.api.SecurityInfo.EmptyRoleSemantic;
import io.undertow.servlet.api.ServletSecurityInfo;
import io.undertow.servlet.api.TransportGuaranteeType;
import io.undertow.servlet.api.WebResourceCollection;
import jakarta.servlet.HttpConstraintElement;
import jakarta.servlet.HttpMethodConstraintElement;
import jakarta.servlet.ServletSecurityElement;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may see what, and how they log in. */
final class Security {
  private static final Set<String> METHODS = Set.of("BASIC", "FORM", "CLIENT-CERT");

  /** Whoever is logged in. */
  private static final String ANYBODY = "**";

  private final Descriptor descriptor;

  Security(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  void applyTo(DeploymentInfo info) throws IOException {
    info.addSecurityRoles(descriptor.roles);
    info.setDenyUncoveredHttpMethods(descriptor.denyUncoveredMethods);
    for (Descriptor.Constraint constraint : descriptor.constraints) {
      info.addSecurityConstraint(constraint(constraint));
    }
    if (descriptor.login != null && !descriptor.login.method().isEmpty()) {
      info.setLoginConfig(login(descriptor.login));
    }
  }

  private static LoginConfig login(Descriptor.Login login) throws IOException {
    String method = login.method().toUpperCase(Locale.ROOT);
    if (!METHODS.contains(method)) {
      throw new IOException(
          "<auth-method>"
              + login.method()
              + "</auth-method> is not supported; BASIC, FORM and CLIENT-CERT are");
    }
    if (method.equals("FORM") && (login.page() == null || login.errorPage() == null)) {
      throw new IOException("<auth-method>FORM</auth-method> needs a form-login-config with pages");
    }
    String realm = login.realm() == null ? "" : login.realm();
    if (method.equals("CLIENT-CERT")) {
      // The handshake has asked for it, or the listener does not want it: no renegotiation.
      return new LoginConfig(realm)
          .addFirstAuthMethod(
              new AuthMethodConfig(
                  HttpServletRequest.CLIENT_CERT_AUTH,
                  Map.of(ClientCertAuthenticationMechanism.FORCE_RENEGOTIATION, "false")));
    }
    return new LoginConfig(method, realm, login.page(), login.errorPage());
  }

  private SecurityConstraint constraint(Descriptor.Constraint from) {
    var constraint = new SecurityConstraint();
    for (Descriptor.Resources resources : from.resources()) {
      constraint.addWebResourceCollection(
          new WebResourceCollection()
              .addUrlPatterns(resources.patterns())
              .addHttpMethods(resources.methods())
              .addHttpMethodOmissions(resources.omissions()));
    }
    if (from.transport() != null && !from.transport().equals("NONE")) {
      constraint.setTransportGuaranteeType(TransportGuaranteeType.CONFIDENTIAL);
    }
    allow(constraint, from.roles());
    return constraint;
  }

  /**
   * Nobody is asked to log in without an auth-constraint; one that names no role lets nobody in.
   */
  private void allow(SecurityInfo<?> constraint, @Nullable List<String> roles) {
    if (roles == null) {
      constraint.setEmptyRoleSemantic(EmptyRoleSemantic.PERMIT);
    } else if (roles.contains(ANYBODY) || (roles.contains("*") && descriptor.roles.isEmpty())) {
      constraint.setEmptyRoleSemantic(EmptyRoleSemantic.AUTHENTICATE);
    } else if (roles.contains("*")) {
      constraint.addRolesAllowed(descriptor.roles);
    } else {
      constraint.setEmptyRoleSemantic(EmptyRoleSemantic.DENY);
      constraint.addRolesAllowed(roles);
    }
  }

  /** What an annotation says. */
  static ServletSecurityInfo of(ServletSecurityElement element) {
    var info = new ServletSecurityInfo();
    apply(element, info);
    for (HttpMethodConstraintElement each : element.getHttpMethodConstraints()) {
      var method = new HttpMethodSecurityInfo().setMethod(each.getMethodName());
      apply(each, method);
      info.addHttpMethodSecurityInfo(method);
    }
    return info;
  }

  private static void apply(HttpConstraintElement from, SecurityInfo<?> info) {
    info.addRolesAllowed(from.getRolesAllowed());
    info.setEmptyRoleSemantic(
        from.getEmptyRoleSemantic() == ServletSecurity.EmptyRoleSemantic.PERMIT
            ? EmptyRoleSemantic.PERMIT
            : EmptyRoleSemantic.DENY);
    info.setTransportGuaranteeType(
        from.getTransportGuarantee() == ServletSecurity.TransportGuarantee.CONFIDENTIAL
            ? TransportGuaranteeType.CONFIDENTIAL
            : TransportGuaranteeType.NONE);
  }
}
