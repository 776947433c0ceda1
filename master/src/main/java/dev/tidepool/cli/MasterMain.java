package dev.tidepool.cli;

/** Entry point of {@code bin/tidepool}. */
public final class MasterMain {
  private MasterMain() {}

  public static void main(String[] arguments) {
    System.exit(
        StatusCommand.asPlainlyAsked(arguments)
            .map(StatusCommand::call)
            .orElseGet(() -> TidepoolCommand.execute(arguments)));
  }
}
