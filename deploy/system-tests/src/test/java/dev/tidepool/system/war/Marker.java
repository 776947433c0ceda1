package dev.tidepool.system.war;

/** What {@link MarkerInitializer} asks for. */
public interface Marker {}
