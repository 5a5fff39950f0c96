package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.config.TrainOption;
import dev.graft.demo.DemoRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft demo}. */
@Command(
    name = "demo",
    sortOptions = false,
    footer = {
      "",
      "Needs nothing but the clone. What is done is not done again: remove the folder to measure",
      "anew.",
      "",
      "Example: graft demo"
    },
    description =
        "Plans, checks data, fine-tunes and compares on the model and the tickets that come with"
            + " Graft; some minutes.")
final class DemoCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      defaultValue = "runs/demo",
      description = "Folder of the comparison and its report (${DEFAULT-VALUE}).")
  private Path output = Path.of("runs", "demo");

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of the engine, at most one per core; 0 is that many.")
  private String threads = "0";

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    DemoRun.Request request =
        new DemoRun.Request(
            home(), output, Math.toIntExact(TrainOption.parse(TrainOption.THREADS, threads)));
    PrintWriter out = spec.commandLine().getOut();
    try (ProgressLine line = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(line::message)) {
      DemoRun demo = new DemoRun(request, interrupts::requested, new Listening(line));
      boolean whole =
          demo.run(text -> {
            line.clear();
            out.print(text);
            out.flush();
          });
      return whole ? ExitCode.OK : ExitCode.INTERRUPTED;
    }
  }

  /** The clone, as the launcher says. */
  private static Path home() {
    String home = System.getProperty("graft.home");
    if (home == null) {
      throw new InputException("the demo is started by ./graft demo in a clone of Graft");
    }
    return Path.of(home);
  }
}
