package dev.tidepool.system.war;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.HandlesTypes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Notes how many classes it was handed. */
@HandlesTypes(Marker.class)
public final class MarkerInitializer implements ServletContainerInitializer {

  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
    context.setAttribute("handled", classes == null ? 0 : classes.size());
  }
}
