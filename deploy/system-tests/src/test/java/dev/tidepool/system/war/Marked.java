package dev.tidepool.system.war;

/** Found by {@link MarkerInitializer}. */
public final class Marked implements Marker {}
