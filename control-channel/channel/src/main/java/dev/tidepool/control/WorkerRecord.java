package dev.tidepool.control;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the scoreboard holds about one worker. Identity is written by the master before the worker
 * is welcomed, the rest by the worker; the number of connections also by siblings, hence
 * atomically, on a cache line of its own. Everything may be read by all at any time: a value is
 * whole, but two values need not be from the same moment.
 *
 * <pre>
 *    0            4            8
 *    | pid i32    | slot i32   | start ticks i64 |
 *   16            20           24
 *    | generation | state i32  | unused
 *   64            72
 *    | heartbeat  | task heartbeat (i64) | unused
 *  128
 *    | connections i32 | unused
 *  192        200           208        216      224        232    240     1024
 *    | accepted | handed over | received | served | in flight | shed | unused |   (i64)
 * </pre>
 */
public final class WorkerRecord {
  static final int SIZE = 1024;

  private static final int PID = 0;
  private static final int SLOT = 4;
  private static final int START_TICKS = 8;
  private static final int GENERATION = 16;
  static final int STATE = 20;
  private static final int HEARTBEAT_NANOS = 64;
  private static final int TASK_HEARTBEAT_NANOS = 72;
  private static final int CONNECTIONS = 128;
  private static final int ACCEPTED = 192;
  private static final int HANDED_OVER = 200;
  private static final int RECEIVED = 208;
  private static final int SERVED = 216;
  private static final int IN_FLIGHT = 224;
  private static final int SHED = 232;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer bytes;
  private final int base;

  WorkerRecord(ByteBuffer bytes, int base) {
    this.bytes = bytes;
    this.base = base;
  }

  /** Gives the record to a new worker: {@link WorkerState#STARTING}, everything counted is 0. */
  public void assign(int pid, long startTicks, int slot, int generation) {
    state(WorkerState.GONE); // siblings pass over the record while it changes
    VarHandle.fullFence();
    for (int at = HEARTBEAT_NANOS; at < SIZE; at += Long.BYTES) {
      setLong(at, 0);
    }
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
    WorkerState state = WorkerState.of((int) INT.getAcquire(bytes, base + STATE));
    return state == null ? WorkerState.GONE : state; // of a version that is newer than this one
  }

  public void state(WorkerState state) {
    INT.setRelease(bytes, base + STATE, state.code());
  }

  /** Connections that the worker has, and those on their way to it. */
  public int connections() {
    return getInt(CONNECTIONS);
  }

  /**
   * Adds to the connections, atomically among all processes, and returns how many there are now.
   */
  public int addConnections(int more) {
    return (int) INT.getAndAdd(bytes, base + CONNECTIONS, more) + more;
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

  private int getInt(int field) {
    return (int) INT.getOpaque(bytes, base + field);
  }

  private void setInt(int field, int value) {
    INT.setOpaque(bytes, base + field, value);
  }

  private long getLong(int field) {
    return (long) LONG.getOpaque(bytes, base + field);
  }

  private void setLong(int field, long value) {
    LONG.setOpaque(bytes, base + field, value);
  }
}
