package dev.tidepool.session;

import java.io.IOException;

/**
 * Where things are in the control file, which lies beside Chronicle's map file and holds all that
 * Chronicle does not know: owners, journal, pictures for repair, request locks.
 *
 * <pre>
 *  0        4096        8192           guards        records        pictures       locks
 *  | header | processes | guards       | journal     | one for each | for each     |
 *  | 4096   | 256 x 16  | segments*128 | records     | segment      | segment      |
 * </pre>
 *
 * The header's first 128 bytes say what the files were made for and are compared at each opening:
 *
 * <pre>
 *  0     8       16            24         32        40       48       56        64       72
 *  |magic|version|control bytes|map bytes |capacity |average |maximum |segments |records |record
 *  80         88        96       104        112       120
 *  | picture  | locks   | made   | boot id  | pool    | state: 1 once complete |
 *
 *  128 run   256 sweeper's owner word   264 its last sign of life, ms   320 sessions (total)
 *  384 request locks released (32 bits, futex)   392 waiters for it   448 undecodable attributes
 *  456 sessions made   464 most at one time   472 ended   480 seconds they lived   488 longest
 * </pre>
 *
 * @param segments parts of the map with a guard of their own, a power of two
 * @param records journal entries that the writers of all workers share
 * @param recordBytes size of one, a multiple of 64
 * @param pictureBytes size of the copy of a segment's metadata, a multiple of 64
 * @param locksPerSegment request locks that can be held at one time in a segment
 */
record StoreLayout(
    int segments, int records, int recordBytes, int pictureBytes, int locksPerSegment) {

  static final long MAGIC = 0x5449_4445_504f_4f4cL; // TIDEPOOL
  static final long VERSION = 1;

  static final int CONTROL_BYTES_AT = 16;
  static final int MAP_BYTES_AT = 24;
  static final int CAPACITY_AT = 32;
  static final int MADE_AT = 96;
  static final int BOOT_AT = 104;
  static final int POOL_AT = 112;
  static final int STATE_AT = 120;
  static final int RUN_AT = 128;
  static final int SWEEPER_AT = 256;
  static final int SWEEPER_SEEN_AT = 264;
  static final int SESSIONS_AT = 320;
  static final int RELEASES_AT = 384;
  static final int LOCK_WAITERS_AT = 392;
  static final int UNDECODABLE_AT = 448;
  static final int CREATED_AT = 456;
  static final int HIGHEST_AT = 464;
  static final int ENDED_AT = 472;
  static final int LIVED_AT = 480;
  static final int LONGEST_AT = 488;
  static final int HEADER_BYTES = 4096;
  static final int PROCESS_BYTES = 16;
  static final int PROCESSES = 256;
  static final int GUARDS_AT = HEADER_BYTES + PROCESSES * PROCESS_BYTES;
  static final int GUARD_BYTES = 128;
  static final int LOCK_BYTES = 64;

  /** Repair reads all entries of a segment: with this many it takes about a millisecond. */
  private static final int SESSIONS_PER_SEGMENT = 384;

  /** A value must find room between others, so a segment holds several of the longest. */
  private static final int LONGEST_PER_SEGMENT = 4;

  private static final int MAXIMUM_SEGMENTS = 1 << 18;
  private static final long JOURNAL_BYTES = 32L << 20;
  private static final int FEWEST_RECORDS = 8;
  private static final int MOST_RECORDS = 64;
  private static final int LOCKS = 4096;
  private static final int FEWEST_LOCKS = 32;

  /** Segments for {@code settings}. */
  static int segmentsFor(StoreSettings settings) {
    long bySessions = Math.max(1, settings.capacity() / SESSIONS_PER_SEGMENT);
    long bytes = settings.capacity() * settings.averageBytes();
    long byLongest = Math.max(1, bytes / ((long) settings.maximumBytes() * LONGEST_PER_SEGMENT));
    long wanted = Math.min(MAXIMUM_SEGMENTS, Math.min(bySessions, byLongest));
    return Integer.highestOneBit((int) wanted);
  }

  static StoreLayout of(StoreSettings settings, int pictureBytes) throws IOException {
    int segments = segmentsFor(settings);
    int record =
        align(SegmentJournal.CONTENT_AT + 2 * SessionKey.MAXIMUM_BYTES + settings.maximumBytes());
    int records = (int) Math.max(FEWEST_RECORDS, Math.min(MOST_RECORDS, JOURNAL_BYTES / record));
    int locks = Math.max(FEWEST_LOCKS, LOCKS / segments);
    StoreLayout layout = new StoreLayout(segments, records, record, align(pictureBytes), locks);
    if (layout.controlBytes() > Integer.MAX_VALUE) {
      throw new IOException(
          "the control file would need "
              + layout.controlBytes()
              + " bytes, at most 2 GiB can be mapped: "
              + "lower sessions.capacity="
              + settings.capacity());
    }
    return layout;
  }

  int guardAt(int segment) {
    return GUARDS_AT + segment * GUARD_BYTES;
  }

  int recordAt(int record) {
    return (int) (recordsAt() + (long) record * recordBytes);
  }

  int pictureAt(int segment) {
    return (int) (picturesAt() + (long) segment * pictureBytes);
  }

  int lockAt(int segment, int lock) {
    return (int) (locksAt() + ((long) segment * locksPerSegment + lock) * LOCK_BYTES);
  }

  long controlBytes() {
    return locksAt() + (long) segments * locksPerSegment * LOCK_BYTES;
  }

  /** The words from {@link #VERSION} on that must agree with the settings; sizes at 16 and 24. */
  long[] identity(StoreSettings settings, long mapBytes) {
    return new long[] {
      MAGIC,
      VERSION,
      controlBytes(),
      mapBytes,
      settings.capacity(),
      settings.averageBytes(),
      settings.maximumBytes(),
      segments,
      records,
      recordBytes,
      pictureBytes,
      locksPerSegment
    };
  }

  private long recordsAt() {
    return GUARDS_AT + (long) segments * GUARD_BYTES;
  }

  private long picturesAt() {
    return recordsAt() + (long) records * recordBytes;
  }

  private long locksAt() {
    return picturesAt() + (long) segments * pictureBytes;
  }

  private static int align(int bytes) {
    return (bytes + 63) & ~63;
  }
}
