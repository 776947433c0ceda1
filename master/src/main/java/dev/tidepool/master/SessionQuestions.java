package dev.tidepool.master;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.OperatorMessage;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.control.WorkerState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Questions about the session store, which only workers have open. Each goes to one that serves,
 * and to another if that ends before it answers. On the supervisor's thread.
 */
final class SessionQuestions {
  private final Pool pool;
  private final Map<Integer, Asked> open = new LinkedHashMap<>();
  private int lastNumber;

  SessionQuestions(Pool pool) {
    this.pool = pool;
  }

  private record Asked(
      OperatorMessage.Sessions question,
      Consumer<OperatorMessage.Reply> answer,
      Worker worker,
      long deadline) {}

  /** {@code answer} gets the worker's answer, or why there is none, once. */
  void ask(
      OperatorMessage.Sessions question,
      Generation current,
      Consumer<OperatorMessage.Reply> answer,
      long now) {
    long deadline = now + current.settings().control().workerTimeout().toNanos();
    ask(++lastNumber, question, answer, deadline);
  }

  private void ask(
      int number,
      OperatorMessage.Sessions question,
      Consumer<OperatorMessage.Reply> answer,
      long deadline) {
    Worker worker =
        pool.all().stream()
            .filter(w -> w.is(WorkerState.SERVING) && w.peer() != null)
            .findFirst()
            .orElse(null);
    if (worker == null) {
      answer.accept(
          refusal("no worker serves, and only a serving worker can look into the session store"));
      return;
    }
    open.put(number, new Asked(question, answer, worker, deadline));
    worker.send(new MasterMessage.AskSessions(number, question.question(), question.id()));
  }

  void answered(Worker worker, WorkerMessage.SessionsAnswer answer) {
    Asked asked = open.get(answer.number());
    if (asked != null && asked.worker == worker) {
      open.remove(answer.number());
      asked.answer.accept(new OperatorMessage.Reply(answer.exitCode(), answer.text()));
    }
  }

  void exited(Worker worker) {
    for (Map.Entry<Integer, Asked> entry : List.copyOf(open.entrySet())) {
      Asked asked = entry.getValue();
      if (asked.worker == worker) {
        open.remove(entry.getKey());
        ask(entry.getKey(), asked.question, asked.answer, asked.deadline);
      }
    }
  }

  void giveUpOverdue(long now) {
    for (Map.Entry<Integer, Asked> entry : List.copyOf(open.entrySet())) {
      Asked asked = entry.getValue();
      if (now - asked.deadline >= 0) {
        open.remove(entry.getKey());
        long limit = asked.worker.generation().settings().control().workerTimeout().toMillis();
        asked.answer.accept(
            refusal(
                asked.worker.identity()
                    + " did not answer within "
                    + limit
                    + " ms (control.worker-timeout)"));
      }
    }
  }

  private static OperatorMessage.Reply refusal(String reason) {
    return new OperatorMessage.Reply(ExitCode.REFUSED.number(), reason);
  }

  long nextDeadline() {
    return open.values().stream().mapToLong(Asked::deadline).min().orElse(Long.MAX_VALUE);
  }
}
