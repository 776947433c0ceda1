package dev.tidepool.posix;

import static dev.tidepool.posix.SystemCall.run;

import com.sun.jna.LastErrorException;
import dev.tidepool.posix.Posix.ProcessStat;
import dev.tidepool.posix.Posix.ReceivedSignal;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Processes and signals. */
final class JnaProcesses {
  private static final int WNOHANG = 1;
  private static final int SIG_BLOCK = 0;
  private static final int SFD_CLOEXEC = 0x80000;
  private static final int SIGSET_BYTES = 128;
  private static final int PRIO_PROCESS = 0;
  private static final int CAP_SYS_NICE = 23;
  private static final int CORE_MASK_BYTES = 1024; // 8192 cores, the most of any Linux

  private static final int SIGINFO_BYTES = 128; // struct signalfd_siginfo: signo@0 pid@12 uid@16
  private static final int SIGINFO_PID = 12;
  private static final int SIGINFO_UID = 16;

  private final boolean mayTakeNicenessBack = mayTakeNicenessBack();

  boolean kill(int pid, Signal signal) {
    requireOneProcess(pid);
    try {
      LibC.kill(pid, signal.number());
      return true;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Errno.ESRCH) {
        return false;
      }
      throw SystemCall.failure("kill(pid=" + pid + ", " + signal + ")", e.getErrorCode());
    }
  }

  Optional<ProcessStat> stat(int pid) {
    String line = read(pid, "stat");
    if (line.isEmpty()) {
      return Optional.empty();
    }
    // The second field is the name in brackets and may hold spaces and brackets itself.
    String[] fromThird = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return Optional.of(
        new ProcessStat(
            fromThird[0].charAt(0),
            Integer.parseInt(fromThird[4 - 3]),
            Integer.parseInt(fromThird[19 - 3]),
            Long.parseLong(fromThird[22 - 3])));
  }

  /** A file of {@code /proc/PID}; empty if the process is gone. */
  private static String read(int pid, String name) {
    Path file = Path.of("/proc/" + pid + "/" + name);
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw new PosixException("read(" + file + ") failed: " + e, Errno.EIO);
      }
      return "";
    }
  }

  OptionalInt reap(int pid) {
    requireOneProcess(pid);
    int[] status = new int[1];
    int reaped = run(() -> "waitpid(pid=" + pid + ")", () -> LibC.waitpid(pid, status, WNOHANG));
    if (reaped == 0) {
      return OptionalInt.empty();
    }
    int signal = status[0] & 0x7f;
    return OptionalInt.of(signal == 0 ? (status[0] >> 8) & 0xff : 128 + signal);
  }

  int signalDescriptor(Set<Signal> signals) {
    long mask = 0;
    for (Signal signal : signals) {
      mask |= 1L << (signal.number() - 1);
    }
    var set = ByteBuffer.allocate(SIGSET_BYTES).order(ByteOrder.nativeOrder()).putLong(0, mask);
    int errno = LibC.pthread_sigmask(SIG_BLOCK, set.array(), 0);
    if (errno != 0) {
      throw SystemCall.failure("pthread_sigmask(" + signals + ")", errno);
    }
    return run(
        () -> "signalfd(" + signals + ")", () -> LibC.signalfd(-1, set.array(), SFD_CLOEXEC));
  }

  ReceivedSignal nextSignal(int signalFd) {
    byte[] bytes = new byte[SIGINFO_BYTES];
    run(
        () -> "read(signalfd=" + signalFd + ")",
        () -> (int) LibC.read(signalFd, bytes, SIGINFO_BYTES));
    var info = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int number = info.getInt(0);
    Signal signal =
        Signal.ofNumber(number)
            .orElseThrow(() -> new IllegalStateException("nobody asked for signal " + number));
    return new ReceivedSignal(signal, info.getInt(SIGINFO_PID), info.getInt(SIGINFO_UID));
  }

  List<Integer> cores() {
    byte[] mask = new byte[CORE_MASK_BYTES];
    run(() -> "sched_getaffinity(0)", () -> LibC.sched_getaffinity(0, mask.length, mask));
    return BitSet.valueOf(mask).stream().boxed().toList();
  }

  void bindToCore(int pid, int core) {
    requireOneProcess(pid);
    byte[] mask = new byte[CORE_MASK_BYTES];
    mask[core / 8] = (byte) (1 << core % 8);
    onEachThread(
        pid, "sched_setaffinity", thread -> LibC.sched_setaffinity(thread, mask.length, mask));
  }

  void nice(int pid, String threads, int more) {
    requireOneProcess(pid);
    if (!mayTakeNicenessBack) {
      return;
    }
    int nice = Math.max(-20, Math.min(19, ownNice() + more));
    onEachThread(
        pid,
        "setpriority",
        thread -> {
          if (threads.isEmpty() || read(pid, "task/" + thread + "/comm").contains(threads)) {
            LibC.setpriority(PRIO_PROCESS, thread, nice);
          }
        });
  }

  /**
   * In a user namespace the capability is worth nothing here: setpriority asks for the real one.
   */
  private boolean mayTakeNicenessBack() {
    String[] ids = read(ownPid(), "uid_map").strip().split("\\s+", -1);
    return (List.of(ids).equals(List.of("0", "0", "4294967295")) && hasCapability(CAP_SYS_NICE))
        || lowestNiceAllowed() <= ownNice();
  }

  /** By the soft limit, which counts from 20 down: 1 allows 19, 40 allows -20. */
  private static int lowestNiceAllowed() {
    return read(ownPid(), "limits")
        .lines()
        .filter(line -> line.startsWith("Max nice priority"))
        .map(line -> line.substring(17).strip().split("\\s+", 2)[0])
        .mapToInt(limit -> limit.equals("unlimited") ? -20 : 20 - Integer.parseInt(limit))
        .findFirst()
        .orElse(20);
  }

  private int ownNice() {
    return stat(ownPid()).orElseThrow().nice();
  }

  void leadProcessGroup() {
    run(() -> "setpgid(0, 0)", () -> LibC.setpgid(0, 0));
  }

  private static boolean hasCapability(int number) {
    return read(ownPid(), "status")
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(capabilities -> (capabilities >> number & 1) == 1);
  }

  private static int ownPid() {
    return (int) ProcessHandle.current().pid();
  }

  private interface OnThread {
    void call(int thread) throws LastErrorException;
  }

  private static void onEachThread(int pid, String call, OnThread what) {
    // A thread that starts meanwhile may have been started by one that was not reached: look again.
    Set<String> reached = new HashSet<>();
    boolean more = true;
    while (more) {
      String[] threads = new File("/proc/" + pid + "/task").list();
      more = false;
      for (String thread : threads == null ? new String[0] : threads) {
        if (reached.add(thread)) {
          more = true;
          onThread(Integer.parseInt(thread), call, what);
        }
      }
    }
  }

  private static void onThread(int thread, String call, OnThread what) {
    try {
      what.call(thread);
    } catch (LastErrorException e) {
      if (e.getErrorCode() != Errno.ESRCH) { // a thread may end at any time
        throw SystemCall.failure(call + "(tid=" + thread + ")", e.getErrorCode());
      }
    }
  }

  /** Zero and negative numbers mean groups, or every process there is. */
  private static void requireOneProcess(int pid) {
    if (pid <= 0) {
      throw new IllegalArgumentException("pid=" + pid + " is no single process");
    }
  }
}
