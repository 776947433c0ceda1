package dev.tidepool.worker;

/** Exit codes of a worker. Any other, or a signal, is a crash. */
enum WorkerExit {
  /** Told to end, or without a master for too long; requests were finished or cut as asked. */
  DONE(0),

  /** Cannot serve this app or configuration; starting it again will not help. */
  CANNOT_SERVE(70);

  final int code;

  WorkerExit(int code) {
    this.code = code;
  }
}
