package dev.graft.cli;

/** Exit codes of the command line. */
final class ExitCode {
  static final int OK = 0;

  /** A fault of the program or its surroundings. */
  static final int FAILED = 1;

  /** Something that came from the user is wrong: flags, files, data. */
  static final int BAD_INPUT = 2;

  /** Stopped by Ctrl-C; what was learnt is saved. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
