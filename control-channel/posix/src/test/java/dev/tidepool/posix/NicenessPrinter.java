package dev.tidepool.posix;

/** Prints by how much it could make another process nicer. */
final class NicenessPrinter {
  private NicenessPrinter() {}

  public static void main(String[] args) throws Exception {
    Posix posix = Posix.get();
    int own = posix.stat(posix.pid()).orElseThrow().nice();
    Process program = new ProcessBuilder("sleep", "60").start();
    int pid = (int) program.pid();
    posix.nice(pid, 3);
    System.out.print("by " + (posix.stat(pid).orElseThrow().nice() - own));
    program.destroyForcibly().waitFor();
  }
}
