package dev.tidepool.control;

import dev.tidepool.posix.Posix;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * What the scoreboard holds about one worker. Identity is written by the master before the worker
 * is welcomed, the rest by the worker; the number of connections also by siblings, hence
 * atomically, on a cache line of its own. Everything may be read by all at any time: a value is
 * whole, but two values need not be from the same moment.
 *
 * <p>Details of what it does, which siblings do not look at, are in a place of their own: {@link
 * #requests}, {@link #latencies}, {@link #logTail}.
 *
 * <pre>
 *    0            4            8
 *    | pid i32    | slot i32   | start ticks i64 |
 *   16            20           24         28
 *    | generation | state i32  | life i32 | unused
 *   64            72
 *    | heartbeat  | task heartbeat (i64) | unused
 *  128
 *    | connections i32 | unused
 *  192        200           208        216      224        232    240      248
 *    | accepted | handed over | received | served | in flight | shed | errors | unused   (i64)
 *  256        264       272         280        288      296          304      312    320
 *    | loop lag | GC time | heap used | heap max | direct | deadlocked | checks | busy | queued
 *  328             336          344       352                 360          368         376
 *    | stuck requests | direct max | evicted | young collections | young time | allocated | promoted
 *  384
 *    | unused                                                                         1024
 *
 *  details:
 *    0                   512              16896      23040
 *    | latency histogram | request table  | log tail |
 * </pre>
 */
public final class WorkerRecord {
  static final int SIZE = 1024;
  static final int DETAILS = LatencyHistogram.SIZE + RequestTable.SIZE + LogTail.SIZE;

  private static final int PID = 0;
  private static final int SLOT = 4;
  private static final int START_TICKS = 8;
  private static final int GENERATION = 16;
  static final int STATE = 20;
  private static final int LIFE = 24;
  private static final int HEARTBEAT_NANOS = 64;
  private static final int TASK_HEARTBEAT_NANOS = 72;
  private static final int CONNECTIONS = 128;
  private static final int ACCEPTED = 192;
  private static final int HANDED_OVER = 200;
  private static final int RECEIVED = 208;
  private static final int SERVED = 216;
  private static final int IN_FLIGHT = 224;
  private static final int SHED = 232;
  private static final int ERRORS = 240;
  private static final int LOOP_LAG_NANOS = 256;
  private static final int GC_MILLIS = 264;
  private static final int HEAP_USED = 272;
  private static final int HEAP_MAX = 280;
  private static final int DIRECT_MEMORY = 288;
  private static final int DEADLOCKED = 296;
  private static final int FAILED_CHECKS = 304;
  private static final int BUSY_TASKS = 312;
  private static final int QUEUED_TASKS = 320;
  private static final int STUCK_REQUESTS = 328;
  private static final int DIRECT_MAX = 336;
  private static final int EVICTED = 344;
  private static final int YOUNG_COLLECTIONS = 352;
  private static final int YOUNG_MILLIS = 360;
  private static final int ALLOCATED = 368;
  private static final int PROMOTED = 376;

  private final Cells cells;
  private final Cells details;
  private final LatencyHistogram latencies;
  private final RequestTable requests;
  private final LogTail logTail;

  WorkerRecord(Cells cells, Cells details) {
    this.cells = cells;
    this.details = details;
    latencies = new LatencyHistogram(details);
    requests = new RequestTable(details.at(LatencyHistogram.SIZE));
    logTail = new LogTail(details.at(LatencyHistogram.SIZE + RequestTable.SIZE));
  }

  /** Gives the record to a new worker: {@link WorkerState#STARTING}, everything counted is 0. */
  public void assign(int pid, long startTicks, int slot, int generation) {
    state(WorkerState.GONE); // siblings pass over the record while it changes
    VarHandle.fullFence();
    for (int at = HEARTBEAT_NANOS; at < SIZE; at += Long.BYTES) {
      setLong(at, 0);
    }
    for (int at = 0; at < DETAILS; at += Long.BYTES) {
      details.setLong(at, 0);
    }
    setInt(LIFE, 0);
    setInt(PID, pid);
    setInt(SLOT, slot);
    setLong(START_TICKS, startTicks);
    setInt(GENERATION, generation);
    state(WorkerState.STARTING);
  }

  public int pid() {
    return getInt(PID);
  }

  /** When the process started, in clock ticks since boot: tells it from a later one of its pid. */
  public long startTicks() {
    return getLong(START_TICKS);
  }

  /** Place in the pool, or {@link WorkerIdentity#SPARE}. */
  public int slot() {
    return getInt(SLOT);
  }

  public void slot(int slot) {
    setInt(SLOT, slot);
  }

  public int generation() {
    return getInt(GENERATION);
  }

  /** {@link WorkerState#GONE} also if the record was never assigned. */
  public WorkerState state() {
    WorkerState state = WorkerState.of(cells.getIntAcquire(STATE));
    return state == null ? WorkerState.GONE : state; // of a version that is newer than this one
  }

  public void state(WorkerState state) {
    cells.setIntRelease(STATE, state.code());
  }

  /** What a thread of the worker holds for as long as the process lives; {@link Posix#hold}. */
  public ByteBuffer life() {
    return cells.bytes(LIFE, Integer.BYTES);
  }

  /** True once the process has begun to end, or has ended; see {@link Posix#hold}. */
  public boolean isEnding() {
    return Posix.isAbandoned(getInt(LIFE));
  }

  /** Connections that the worker has, and those on their way to it. */
  public int connections() {
    return getInt(CONNECTIONS);
  }

  /**
   * Adds to the connections, atomically among all processes, and returns how many there are now.
   */
  public int addConnections(int more) {
    return cells.addInt(CONNECTIONS, more);
  }

  /**
   * When the oldest of the I/O threads last said that it is alive, as System.nanoTime(), which is
   * the same clock in all processes.
   */
  public long heartbeatNanos() {
    return getLong(HEARTBEAT_NANOS);
  }

  public void heartbeatNanos(long value) {
    setLong(HEARTBEAT_NANOS, value);
  }

  /** When the task pool last ran something, as System.nanoTime(). */
  public long taskHeartbeatNanos() {
    return getLong(TASK_HEARTBEAT_NANOS);
  }

  public void taskHeartbeatNanos(long value) {
    setLong(TASK_HEARTBEAT_NANOS, value);
  }

  /** Connections accepted from the listening sockets. */
  public long accepted() {
    return getLong(ACCEPTED);
  }

  public void accepted(long value) {
    setLong(ACCEPTED, value);
  }

  /** Connections given to siblings. */
  public long handedOver() {
    return getLong(HANDED_OVER);
  }

  public void handedOver(long value) {
    setLong(HANDED_OVER, value);
  }

  /** Connections taken from siblings. */
  public long received() {
    return getLong(RECEIVED);
  }

  public void received(long value) {
    setLong(RECEIVED, value);
  }

  /** Requests answered. */
  public long served() {
    return getLong(SERVED);
  }

  public void served(long value) {
    setLong(SERVED, value);
  }

  /** Requests being answered. */
  public long inFlight() {
    return getLong(IN_FLIGHT);
  }

  public void inFlight(long value) {
    setLong(IN_FLIGHT, value);
  }

  /** Connections ended to leave them to siblings. */
  public long shed() {
    return getLong(SHED);
  }

  public void shed(long value) {
    setLong(SHED, value);
  }

  /** Requests answered with a status of 500 or more. */
  public long errors() {
    return getLong(ERRORS);
  }

  /** Counts one; any thread. */
  public void addError() {
    cells.addLong(ERRORS, 1);
  }

  /** By how much an I/O thread ran late at most in the last interval of checks, in nanoseconds. */
  public long loopLagNanos() {
    return getLong(LOOP_LAG_NANOS);
  }

  public void loopLagNanos(long value) {
    setLong(LOOP_LAG_NANOS, value);
  }

  /** Time spent in garbage collections since the start, in milliseconds. */
  public long gcMillis() {
    return getLong(GC_MILLIS);
  }

  public void gcMillis(long value) {
    setLong(GC_MILLIS, value);
  }

  /** Java heap in use after the last collection, in bytes. */
  public long heapUsed() {
    return getLong(HEAP_USED);
  }

  public void heapUsed(long value) {
    setLong(HEAP_USED, value);
  }

  /** Largest size of the Java heap, in bytes. */
  public long heapMax() {
    return getLong(HEAP_MAX);
  }

  public void heapMax(long value) {
    setLong(HEAP_MAX, value);
  }

  /** Memory of direct buffers, in bytes. */
  public long directMemory() {
    return getLong(DIRECT_MEMORY);
  }

  public void directMemory(long value) {
    setLong(DIRECT_MEMORY, value);
  }

  /** Threads that wait for each other for good. */
  public long deadlocked() {
    return getLong(DEADLOCKED);
  }

  public void deadlocked(long value) {
    setLong(DEADLOCKED, value);
  }

  /** Health checks of the app that failed in a row. */
  public long failedChecks() {
    return getLong(FAILED_CHECKS);
  }

  public void failedChecks(long value) {
    setLong(FAILED_CHECKS, value);
  }

  /** Task threads that run something. */
  public long busyTasks() {
    return getLong(BUSY_TASKS);
  }

  public void busyTasks(long value) {
    setLong(BUSY_TASKS, value);
  }

  /** Tasks that wait for a thread. */
  public long queuedTasks() {
    return getLong(QUEUED_TASKS);
  }

  public void queuedTasks(long value) {
    setLong(QUEUED_TASKS, value);
  }

  /** Requests that were interrupted and whose thread did not come back. */
  public long stuckRequests() {
    return getLong(STUCK_REQUESTS);
  }

  public void stuckRequests(long value) {
    setLong(STUCK_REQUESTS, value);
  }

  /** What direct buffers may take at most, in bytes. */
  public long directMax() {
    return getLong(DIRECT_MAX);
  }

  public void directMax(long value) {
    setLong(DIRECT_MAX, value);
  }

  /** Idle connections closed to make room for new ones. */
  public long evicted() {
    return getLong(EVICTED);
  }

  public void evicted(long value) {
    setLong(EVICTED, value);
  }

  /** Collections of the young generation since the start; 0 with a collector that has none. */
  public long youngCollections() {
    return getLong(YOUNG_COLLECTIONS);
  }

  public void youngCollections(long value) {
    setLong(YOUNG_COLLECTIONS, value);
  }

  /** Time spent in them since the start, in milliseconds. */
  public long youngMillis() {
    return getLong(YOUNG_MILLIS);
  }

  public void youngMillis(long value) {
    setLong(YOUNG_MILLIS, value);
  }

  /** What was allocated until the last of them, in bytes. */
  public long allocated() {
    return getLong(ALLOCATED);
  }

  public void allocated(long value) {
    setLong(ALLOCATED, value);
  }

  /** What of it got into the old generation, in bytes. */
  public long promoted() {
    return getLong(PROMOTED);
  }

  public void promoted(long value) {
    setLong(PROMOTED, value);
  }

  public LatencyHistogram latencies() {
    return latencies;
  }

  public RequestTable requests() {
    return requests;
  }

  public LogTail logTail() {
    return logTail;
  }

  private int getInt(int field) {
    return cells.getInt(field);
  }

  private void setInt(int field, int value) {
    cells.setInt(field, value);
  }

  private long getLong(int field) {
    return cells.getLong(field);
  }

  private void setLong(int field, long value) {
    cells.setLong(field, value);
  }
}
