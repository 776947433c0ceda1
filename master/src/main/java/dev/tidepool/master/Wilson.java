package dev.tidepool.master;

/**
 * What a share of a sample says of the whole: Wilson's score interval, which is right for few
 * samples and for shares near 0 too.
 */
final class Wilson {
  /**
   * Standard deviations. Whoever looks again and again at one sample that grows needs more than the
   * usual two, or chance convinces him sooner or later.
   */
  private static final double CERTAIN = 3;

  private Wilson() {}

  /** The share is certainly not below this; 0 without a sample. */
  static double lower(long hits, long of) {
    return of == 0 ? 0 : Math.max(0, centre(hits, of) - half(hits, of));
  }

  /** The share is certainly not above this; 1 without a sample. */
  static double upper(long hits, long of) {
    return of == 0 ? 1 : Math.min(1, centre(hits, of) + half(hits, of));
  }

  /** By how much the first share certainly exceeds the second at least (Newcombe); or below 0. */
  static double excess(long hits, long of, long otherHits, long otherOf) {
    double share = share(hits, of);
    double other = share(otherHits, otherOf);
    return share - other - Math.hypot(share - lower(hits, of), upper(otherHits, otherOf) - other);
  }

  static double share(long hits, long of) {
    return of == 0 ? 0 : (double) hits / of;
  }

  private static double centre(long hits, long of) {
    return (hits + CERTAIN * CERTAIN / 2) / (of + CERTAIN * CERTAIN);
  }

  private static double half(long hits, long of) {
    double share = share(hits, of);
    return CERTAIN
        / (of + CERTAIN * CERTAIN)
        * Math.sqrt(of * share * (1 - share) + CERTAIN * CERTAIN / 4);
  }
}
