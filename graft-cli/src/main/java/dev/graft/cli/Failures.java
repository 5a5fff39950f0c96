package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.config.Nearest;
import dev.graft.config.TrainOption;
import dev.graft.engine.EngineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what goes wrong into one line on standard error and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final String DEBUG = "--debug";

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine line = failure.getCommandLine();
    String usage = " (see " + line.getCommandSpec().qualifiedName() + " --help)";
    String what =
        failure instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched)
            : String.valueOf(failure.getMessage());
    line.getErr().println("error: " + oneLine(what) + usage);
    if (List.of(args).contains(DEBUG)) {
      failure.printStackTrace(line.getErr());
    }
    return ExitCode.BAD_INPUT;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    boolean debug =
        line.getCommandSpec().root().userObject() instanceof GraftCommand root && root.debug();
    int code = ExitCode.FAILED;
    if (failure instanceof InputException) {
      err.println("error: " + oneLine(String.valueOf(failure.getMessage())));
      code = ExitCode.BAD_INPUT;
    } else if (failure instanceof EngineException engine && engine.isOutOfMemory()) {
      err.println(
          "error: not enough memory; try a smaller model, --max-length or --micro-batch-size ("
              + describe(failure)
              + ")");
    } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      err.println("error: input or output failed: " + describe(failure));
    } else {
      String hint = debug ? "" : " (a fault of graft; run again with --debug for the trace)";
      err.println("internal error: " + describe(failure) + hint);
    }
    if (debug) {
      failure.printStackTrace(err);
    }
    return code;
  }

  /** The JVM has no more memory or stack. */
  static int exhausted(VirtualMachineError failure, PrintWriter err) {
    err.println(
        failure instanceof OutOfMemoryError
            ? "error: out of memory in Java's heap; give it more with GRAFT_JAVA_OPTS=-Xmx8g, or"
                + " it less to do"
            : "error: the input is nested too deeply");
    return ExitCode.FAILED;
  }

  private static String describe(Exception failure) {
    Throwable shown =
        failure instanceof UncheckedIOException io && io.getCause() != null
            ? io.getCause()
            : failure;
    String message = shown.getMessage();
    String name = shown.getClass().getSimpleName();
    if (shown instanceof FileSystemException file && file.getFile() != null) {
      String why = file instanceof AccessDeniedException ? "permission denied" : file.getReason();
      return oneLine(file.getFile() + ": " + (why == null ? name : why));
    }
    return message == null ? name : oneLine(name + ": " + message);
  }

  private static String unmatched(UnmatchedArgumentException failure) {
    String word = failure.getUnmatched().isEmpty() ? "" : failure.getUnmatched().getFirst();
    CommandLine line = failure.getCommandLine();
    if (word.startsWith("-")) {
      String flag = word.split("=", 2)[0];
      return "unknown option '" + flag + "'" + flagHint(line, flag);
    }
    if (line.getSubcommands().isEmpty()) {
      return "unexpected argument '" + word + "'";
    }
    return "unknown command '" + word + "'" + Nearest.hint(word, line.getSubcommands().keySet());
  }

  private static String flagHint(CommandLine line, String flag) {
    List<String> names = new ArrayList<>();
    line.getCommandSpec().options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> names.addAll(List.of(option.names())));
    String near = Nearest.hint(flag, names);
    if (!near.isEmpty() || !line.getCommandName().equals(TrainCommand.NAME)) {
      return near;
    }
    return TrainOption.hint(flag.replaceFirst("^-+", "")).replace("mean '", "mean '--");
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
