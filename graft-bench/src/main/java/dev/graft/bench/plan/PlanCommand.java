package dev.graft.bench.plan;

import dev.graft.InputException;
import dev.graft.bench.process.ChildProcess;
import dev.graft.bench.report.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench plan}: what a plan says against measured steps of training. */
@Command(
    name = "plan",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Holds graft plan's memory and time against measured steps of training.")
public final class PlanCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      description = "A config.json or its folder; can be repeated. No weights are read.")
  private List<Path> models = List.of();

  @Option(names = "--output", description = "Folder of the report (${DEFAULT-VALUE}).")
  private Path output = Path.of("runs", "bench");

  @Option(names = "--ranks", split = ",", description = "Ranks of LoRA (${DEFAULT-VALUE}).")
  private List<Integer> ranks = List.of(8, 16, 64);

  @Option(names = "--lengths", split = ",", description = "Tokens an example (${DEFAULT-VALUE}).")
  private List<Integer> lengths = List.of(256, 768);

  @Option(names = "--batch-size", description = "Examples a step (${DEFAULT-VALUE}).")
  private int batch = 4;

  @Option(
      names = "--learnt-share",
      description = "Share of the tokens that carry loss (${DEFAULT-VALUE}).")
  private double learntShare = 0.5;

  @Option(
      names = "--rounds",
      description = "Processes in which all of it is measured, one by one (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--probe",
      description = "Seconds of the plan's own measurement (${DEFAULT-VALUE}).")
  private double probe = 10;

  @Option(names = "--precision", description = "bf16 or fp32 (${DEFAULT-VALUE}).")
  private String precision = "bf16";

  @Option(names = "--threads", description = "Threads (${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    if (!precision.equals("bf16") && !precision.equals("fp32")) {
      throw new InputException("--precision: '" + precision + "' is neither bf16 nor fp32");
    }
    if (!(learntShare > 0 && learntShare <= 1) || batch < 1 || rounds < 1 || !(probe > 0)) {
      throw new InputException(
          "--learnt-share, --batch-size, --rounds and --probe must be above 0");
    }
    Machine machine = Machine.here();
    List<PlanReport.Measured> all = new ArrayList<>();
    for (Path model : models) {
      Path config = Files.isDirectory(model) ? model.resolve("config.json") : model;
      if (!Files.isRegularFile(config)) {
        throw InputException.in(config, "there is no such configuration");
      }
      for (int length : lengths) {
        for (boolean again : new boolean[] {false, true}) {
          List<PlanCase> cases = PlanCase.of(ranks, length, again);
          all.addAll(measure(config.toAbsolutePath(), cases));
        }
      }
    }
    PlanReport report = new PlanReport(machine, settings(), all);
    report.write(output);
    spec.commandLine().getOut().print(report.page());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private List<String> settings() {
    return List.of(
        "precision: " + precision,
        "threads: " + threads,
        "examples a step: " + batch + ", all of the length in the table",
        "share of learnt tokens: " + learntShare,
        "rounds: "
            + rounds
            + ", each a process in which steps of the plan's models and of all"
            + " settings take turns");
  }

  /** What tensors hold is the same in every round. */
  private List<PlanReport.Measured> measure(Path config, List<PlanCase> cases) throws IOException {
    String name = name(config);
    progress(name, cases, "memory");
    JsonNode bytes = train(config, cases, "memory");
    List<JsonNode> all = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress(name, cases, "round " + round + " of " + rounds);
      all.add(train(config, cases, "round-" + round));
    }
    List<PlanReport.Measured> measured = new ArrayList<>();
    for (int at = 0; at < cases.size(); at++) {
      List<PlanReport.Round> both = new ArrayList<>();
      for (JsonNode round : all) {
        double planned = round.path(at).path("planned_seconds").asDouble();
        double taken = round.path(at).path("measured_seconds").asDouble();
        both.add(new PlanReport.Round(planned, taken));
      }
      JsonNode first = all.getFirst().path(at);
      measured.add(
          new PlanReport.Measured(
              name,
              cases.get(at),
              first.path("trainable").asLong(),
              first.path("planned_bytes").asDouble(),
              bytes.path(at).path("tensor_bytes").asDouble(),
              both));
    }
    return measured;
  }

  private void progress(String name, List<PlanCase> cases, String what) {
    String title = name + " " + title(cases.getFirst());
    spec.commandLine().getErr().println("bench: " + title + ": " + what + " …");
  }

  /** For names of files. */
  private static String title(PlanCase each) {
    return each.length() + (each.checkpointing() ? "-again" : "");
  }

  /** Of the folder, or of a file that is not called config.json. */
  private static String name(Path config) {
    Path parent = config.getParent();
    String file = String.valueOf(config.getFileName());
    return file.equals("config.json") && parent != null
        ? String.valueOf(parent.getFileName())
        : file.replaceFirst("\\.json$", "");
  }

  private JsonNode train(Path config, List<PlanCase> cases, String what) throws IOException {
    Path folder = output.resolve("plan");
    PlanCase first = cases.getFirst();
    String title = name(config) + "-" + title(first) + "." + what;
    boolean memory = what.equals("memory");
    Path result = folder.resolve(title + ".json").toAbsolutePath();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "plan-train",
            "--config=" + config,
            "--output=" + result,
            "--ranks=" + String.join(",", cases.stream().map(c -> "" + c.rank()).toList()),
            "--length=" + first.length(),
            "--batch-size=" + batch,
            "--learnt-share=" + learntShare,
            "--precision=" + precision,
            "--threads=" + threads,
            "--probe=" + probe));
    if (first.checkpointing()) {
      arguments.add("--checkpointing");
    }
    if (memory) {
      arguments.add("--memory");
    }
    List<String> command = ChildProcess.java(arguments.toArray(String[]::new));
    Map<String, String> environment = memory ? NativeHeap.SETTING : Map.of();
    ChildProcess.run(title, command, folder.resolve(title + ".log"), environment);
    return new JsonMapper().readTree(Files.readString(result));
  }
}
