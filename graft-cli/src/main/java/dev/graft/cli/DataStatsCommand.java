package dev.graft.cli;

import dev.graft.config.TrainOption;
import dev.graft.data.view.DataStats;
import dev.graft.data.view.Padding;
import dev.graft.data.view.StatsJson;
import dev.graft.data.view.StatsText;
import dev.graft.run.StatsRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft data stats}. */
@Command(
    name = "stats",
    sortOptions = false,
    footer = {"", "Example: graft data stats --model models/smol --data train.jsonl"},
    description = "Counts rows, tokens, what is learnt, and what a length limit would cut.")
final class DataStatsCommand implements Callable<Integer> {
  private static final int BATCH_SIZE = 8;
  private static final long SEED = 42;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "Model folder, GGUF file, or name on the Hub (owner/name).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String model;

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "The data set; several files are counted together.")
  private List<Path> data = new ArrayList<>();

  @Mixin private final DataFlags layout = new DataFlags();

  @Mixin private final ExampleFlags examples = new ExampleFlags();

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads that encode; 0 is one per core.")
  private String threads = "0";

  @Option(names = "--json", description = "Print the figures as JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() {
    int wanted = Math.toIntExact(TrainOption.parse(TrainOption.THREADS, threads));
    StatsRun.Request request =
        new StatsRun.Request(
            model,
            data,
            examples.maxLength(),
            examples.lossOn(),
            Math.min(wanted, Runtime.getRuntime().availableProcessors()),
            layout.options());
    DataStats stats;
    boolean stopped;
    try (ProgressLine line = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(line::message)) {
      stats = StatsRun.run(request, new Listening(line), interrupts::requested);
      stopped = interrupts.requested();
    }
    Padding.Result padding = stats.padding().of(BATCH_SIZE, SEED, stats.sharedPrefix());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(StatsJson.of(stats, padding));
    } else {
      out.print(StatsText.of(stats, padding, Terminal.columns()));
    }
    return stopped ? ExitCode.INTERRUPTED : ExitCode.OK;
  }
}
