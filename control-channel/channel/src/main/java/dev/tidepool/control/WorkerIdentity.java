package dev.tidepool.control;

/** Which worker a line is about; {@code slot} is {@link #SPARE} for a worker in no slot. */
public record WorkerIdentity(int slot, int pid, int generation) {
  public static final int SPARE = -1;

  /** The one form in all logs: {@code slot=3 pid=4711 gen=2} or {@code spare pid=4711 gen=2}. */
  @Override
  public String toString() {
    return (slot == SPARE ? "spare" : "slot=" + slot) + " pid=" + pid + " gen=" + generation;
  }
}
