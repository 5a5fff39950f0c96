package dev.graft.bench.train;

import dev.graft.InputException;
import dev.graft.bench.process.ChildProcess;
import dev.graft.bench.process.Launcher;
import dev.graft.bench.products.Limit;
import dev.graft.bench.report.Machine;
import dev.graft.bench.report.ReportFiles;
import dev.graft.bench.report.Statistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench train}: Graft and its peers train the same adapter in turns. */
@Command(
    name = "train",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Compares the speed and memory of LoRA training.")
public final class TrainCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--model", required = true, description = "Model folder or GGUF file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path model;

  @Option(
      names = "--peer-model",
      description = "The same as a Hugging Face folder, for Python (default: --model).")
  private @Nullable Path peerModel;

  @Option(names = "--data", required = true, description = "Rows as JSON lines.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(names = "--output", description = "Folder of the report (${DEFAULT-VALUE}).")
  private Path output = Path.of("runs", "bench");

  @Option(
      names = "--peers",
      split = ",",
      description = "trl, autograd or both (default: both, autograd alone without --python).")
  private List<String> peers = List.of();

  @Option(
      names = "--python",
      description = "Python with torch, transformers, peft, trl (default: that in GRAFT_PEERS).")
  private @Nullable Path python;

  @Option(names = "--rounds", description = "Runs of each side (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--steps", description = "Optimizer steps of a run (${DEFAULT-VALUE}).")
  private int steps = 12;

  @Option(names = "--settled", description = "First steps to leave out (${DEFAULT-VALUE}).")
  private int settled = 3;

  @Option(names = "--batch-size", description = "Examples a step (${DEFAULT-VALUE}).")
  private int batch = 8;

  @Option(names = "--max-length", description = "Longest row in tokens (${DEFAULT-VALUE}).")
  private int maxLength = 512;

  @Option(names = "--rank", description = "Of the adapter (${DEFAULT-VALUE}).")
  private int rank = 16;

  @Option(names = "--learning-rate", description = "Constant (${DEFAULT-VALUE}).")
  private double learningRate = 2e-4;

  @Option(names = "--precision", description = "bf16 or fp32 (${DEFAULT-VALUE}).")
  private String precision = "bf16";

  @Option(names = "--threads", description = "Of each side (${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw new InputException("--rounds: " + rounds + " is not a positive number");
    }
    TrainSettings settings = settings();
    PrintWriter err = spec.commandLine().getErr();
    Machine machine = Machine.here();
    Launcher launcher = Launcher.find();
    launcher.build(output.resolve("build.log"));
    PreparedData prepared = PreparedData.prepare(settings, output);
    List<Side> sides = sides(launcher, new Sides(settings, prepared));
    Limit.Work work = work(settings, prepared);
    List<Limit> limits = new ArrayList<>();
    List<Long> tokens = prepared.tokens().stream().map(Integer::longValue).toList();
    Map<String, List<SideRun>> runs =
        new Rounds(output, tokens, settled, text -> err.println("bench: " + text))
            .run(sides, rounds, round -> limits.add(measure(settings, work, round)));
    limits.add(measure(settings, work, rounds + 1));
    TrainReport report = new TrainReport(machine, settings, sides, runs, Limit.of(limits));
    ReportFiles.write(output, "train", report.markdown(), report.json());
    spec.commandLine().getOut().print(report.markdown());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private TrainSettings settings() {
    return new TrainSettings(
        model.toAbsolutePath(),
        (peerModel == null ? model : peerModel).toAbsolutePath(),
        data.toAbsolutePath(),
        steps,
        settled,
        batch,
        maxLength,
        rank,
        learningRate,
        precision,
        42,
        threads);
  }

  private List<Side> sides(Launcher launcher, Sides all) {
    List<Side> sides = new ArrayList<>();
    sides.add(all.graft(launcher.graft()));
    Path found = pythonOrNull();
    Set<String> wanted = new LinkedHashSet<>(peers);
    if (peers.isEmpty()) {
      wanted.addAll(found == null ? List.of(Sides.AUTOGRAD) : List.of(Sides.TRL, Sides.AUTOGRAD));
    }
    for (String peer : wanted) {
      switch (peer) {
        case Sides.TRL -> {
          if (found == null) {
            throw new InputException(
                "--python: the peer trl needs a Python with torch, transformers, peft and trl");
          }
          sides.add(all.trl(found, launcher.peer("trl_lora.py")));
        }
        case Sides.AUTOGRAD -> sides.add(all.autograd());
        default -> throw new InputException("--peers: '" + peer + "' is neither trl nor autograd");
      }
    }
    return sides;
  }

  /** That of the option, else of the virtual environment that GRAFT_PEERS names. */
  private @Nullable Path pythonOrNull() {
    String folder = System.getenv("GRAFT_PEERS");
    Path found = python;
    if (found == null && folder != null && !folder.isEmpty()) {
      found = Path.of(folder, "bin", "python");
    }
    if (found != null && found.getNameCount() > 1 && !Files.isExecutable(found)) {
      throw InputException.in(found, "is no Python that can be run");
    }
    return found;
  }

  private static Limit.Work work(TrainSettings settings, PreparedData data) {
    return new Limit.Work(
        (int) Statistics.of(data.tokens().stream().map(Integer::doubleValue).toList()).median(),
        (int) Statistics.of(data.learnt().stream().map(Integer::doubleValue).toList()).median(),
        settings.batch(),
        settings.rank());
  }

  /** In a process of its own: this one must not hold threads while the sides run. */
  private Limit measure(TrainSettings settings, Limit.Work work, int number) throws IOException {
    Path result = output.resolve("products-" + number + ".json").toAbsolutePath();
    List<String> command =
        ChildProcess.java(
            "products",
            "--model=" + settings.model(),
            "--tokens=" + work.tokens(),
            "--learnt=" + work.learnt(),
            "--batch-size=" + work.examples(),
            "--rank=" + work.rank(),
            "--precision=" + settings.precision(),
            "--threads=" + settings.threads(),
            "--output=" + result);
    ChildProcess.run("products", command, output.resolve("products-" + number + ".log"));
    return Limit.read(result);
  }
}
