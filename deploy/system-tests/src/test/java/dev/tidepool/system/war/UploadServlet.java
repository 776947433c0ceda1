package dev.tidepool.system.war;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;

/**
 * Answers with name and size of what it gets; web.xml declares it, this says that it is multipart.
 */
@MultipartConfig(location = "up/loads", fileSizeThreshold = 1)
public final class UploadServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    Part part = request.getPart("file");
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(part.getSubmittedFileName() + " " + part.getSize());
  }
}
