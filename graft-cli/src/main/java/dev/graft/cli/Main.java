package dev.graft.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;

/** Entry point of {@code graft}. */
public final class Main {
  private static final int COLUMNS = 100;

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    System.exit(run(args, out, err));
  }

  /** Runs the command line; returns its exit code, see {@link ExitCode}. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    return run(GraftCommand.commandLine(out, err, columns()), args);
  }

  /** As {@link #run(String[], PrintWriter, PrintWriter)}; picocli lets errors of the JVM pass. */
  static int run(CommandLine line, String... args) {
    int code;
    try {
      code = line.execute(args);
    } catch (OutOfMemoryError | StackOverflowError e) {
      code = Failures.exhausted(e, line.getErr());
    }
    line.getOut().flush();
    line.getErr().flush();
    return code;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  private static int columns() {
    return Math.clamp(Integer.getInteger("graft.columns", COLUMNS), 60, COLUMNS);
  }

  /** The command line of a command with everything that all verbs share. */
  static CommandLine shared(CommandLine line, PrintWriter out, PrintWriter err) {
    Failures failures = new Failures();
    return line.setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }
}
