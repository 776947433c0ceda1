package dev.tidepool.control;

/** Anything that travels in one frame. */
public interface Message {}
