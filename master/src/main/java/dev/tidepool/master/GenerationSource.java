package dev.tidepool.master;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Makes generations out of configuration and app as they are now. */
interface GenerationSource {

  /**
   * Reads, checks, copies, opens sockets; takes as long as the disk does, so not on the
   * supervisor's thread.
   *
   * @param running the generation that serves now; what cannot change is compared with it
   * @throws StartFailure if this cannot become a generation: one line, or one for each problem
   */
  Generation prepare(int number, @Nullable Generation running) throws StartFailure;

  /**
   * A kept generation, to serve again: with its addresses that were closed meanwhile open. Not on
   * the supervisor's thread either.
   *
   * @throws StartFailure if one of them cannot be opened any more
   */
  Generation reopen(Generation kept) throws StartFailure;

  /** A generation went into service: its log file and admin address take effect. */
  void inService(Generation generation);

  /**
   * Closes sockets that none of {@code serving} needs, deletes copies that are not of {@code kept}.
   */
  void retain(Collection<Generation> serving, Collection<Generation> kept);
}
