package dev.graft.bench;

import dev.graft.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** One line for what went wrong, and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  static final int FAILED = 1;
  static final int BAD_INPUT = 2;

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine line = failure.getCommandLine();
    String usage = " (see " + line.getCommandSpec().qualifiedName() + " --help)";
    line.getErr().println("error: " + oneLine(String.valueOf(failure.getMessage())) + usage);
    return BAD_INPUT;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof InputException) {
      line.getErr().println("error: " + oneLine(message));
      return BAD_INPUT;
    }
    if (failure instanceof BenchException) {
      line.getErr().println("error: " + oneLine(message));
    } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      line.getErr().println("error: input or output failed: " + oneLine(failure.toString()));
    } else {
      line.getErr().println("internal error: " + oneLine(failure.toString()));
      failure.printStackTrace(line.getErr());
    }
    return FAILED;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
