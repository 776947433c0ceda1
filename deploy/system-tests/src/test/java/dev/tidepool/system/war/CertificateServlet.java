package dev.tidepool.system.war;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;

/** Tells who the client is, by its certificate and by its log-in. */
@WebServlet({"/who", "/members/who"})
public final class CertificateServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var chain = (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
    String subject = chain == null ? "nobody" : chain[0].getSubjectX500Principal().getName();
    response.getWriter().print(subject + " logged in as " + request.getRemoteUser());
  }
}
