package dev.tidepool.session;

import java.util.List;

/**
 * How the sessions of one app are kept.
 *
 * @param app names the app in the store; the same in every generation and worker
 * @param loader finds the classes of attributes, and is the context of listeners
 * @param timeoutSeconds idle time after which a new session ends; 0 or less for never
 * @param allowedClasses see {@link AllowList}
 * @param whenUndecodable what becomes of an attribute that cannot be decoded
 */
public record ManagerSettings(
    String app,
    ClassLoader loader,
    int timeoutSeconds,
    List<String> allowedClasses,
    WhenUndecodable whenUndecodable) {

  /** What becomes of an attribute that cannot be decoded. It is counted in any case. */
  public enum WhenUndecodable {
    /**
     * The request does not see it. It stays stored until the app sets it anew: the other generation
     * of a reload may be able to read it.
     */
    DROP_ATTRIBUTE,
    /** The session ends. */
    DROP_SESSION,
    /** Reading it throws {@link IllegalStateException}. */
    FAIL
  }

  public ManagerSettings {
    allowedClasses = List.copyOf(allowedClasses);
  }
}
