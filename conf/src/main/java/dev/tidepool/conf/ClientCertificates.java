package dev.tidepool.conf;

/** Whether a listener asks its clients for certificates. */
public enum ClientCertificates {
  OFF,

  /** Clients without one are served, too; those with one of somebody else are not. */
  WANTED,

  REQUIRED
}
