package dev.graft.bench.plan;

import dev.graft.InputException;
import dev.graft.bench.BenchException;
import dev.graft.bench.process.ChildProcess;
import dev.graft.bench.process.Launcher;
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

/** {@code bench plan}: what {@code graft plan} says against measured steps of training. */
@Command(
    name = "plan",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Holds graft plan's memory and time against measured steps of training.")
public final class PlanCommand implements Callable<Integer> {
  /** Steps to plan: the measured ones are those of a training that is well under way. */
  private static final int LONG_RUN = 1000;

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

  @Option(names = "--steps", description = "Steps of a setting in a round (${DEFAULT-VALUE}).")
  private int steps = 5;

  @Option(
      names = "--rounds",
      description = "How often graft plan and measured steps take turns (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--probe", description = "Seconds of graft plan's own measurement.")
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
    if (!(learntShare > 0 && learntShare <= 1) || batch < 1 || steps < 1 || rounds < 1) {
      throw new InputException(
          "--learnt-share, --batch-size, --steps and --rounds must be above 0");
    }
    Launcher launcher = Launcher.find();
    launcher.build(output.resolve("build.log"));
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
          all.addAll(measure(launcher, config.toAbsolutePath(), cases));
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
        "rounds: " + rounds + ", of " + steps + " steps, after some that warm up");
  }

  /** Plan and measured steps in turns; what tensors hold is the same in every round. */
  private List<PlanReport.Measured> measure(Launcher launcher, Path config, List<PlanCase> cases)
      throws IOException {
    String name = name(config);
    progress(name, cases, "memory");
    JsonNode bytes = train(config, cases, true);
    List<JsonNode> plans = new ArrayList<>();
    List<JsonNode> times = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress(name, cases, "round " + round + " of " + rounds);
      plans.add(plan(launcher, config, cases.getFirst()));
      times.add(train(config, cases, false));
    }
    List<PlanReport.Measured> all = new ArrayList<>();
    for (int at = 0; at < cases.size(); at++) {
      PlanCase each = cases.get(at);
      List<PlanReport.Round> both = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        JsonNode row = row(plans.get(round), each);
        double planned = row.path("costs").path(0).path("seconds").asDouble();
        both.add(
            new PlanReport.Round(
                planned / row.path("steps").asDouble(),
                times.get(round).path(at).path("median_seconds").asDouble()));
      }
      JsonNode row = row(plans.getFirst(), each);
      all.add(
          new PlanReport.Measured(
              name,
              each,
              row.path("trainable").asLong(),
              row.path("memory").path("total").asDouble(),
              bytes.path(at).path("tensor_bytes").asDouble(),
              both));
    }
    return all;
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

  private static JsonNode row(JsonNode plan, PlanCase each) {
    for (JsonNode row : plan.path("rows")) {
      if (row.path("label").asString().equals(each.technique().label())) {
        return row;
      }
    }
    throw new BenchException("graft plan has no row " + each.technique().label());
  }

  private JsonNode plan(Launcher launcher, Path config, PlanCase each) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(launcher.graft().toString());
    command.addAll(
        List.of(
            "plan",
            "--json",
            "--quiet",
            "--device=here",
            "--model=" + config,
            "--tokens=" + (long) each.length() * batch * LONG_RUN,
            "--learnt-share=" + learntShare,
            "--max-length=" + each.length(),
            "--batch-size=" + batch,
            "--precision=" + precision,
            "--threads=" + threads,
            "--probe=" + probe,
            "--rank=" + String.join(",", ranks.stream().map(String::valueOf).toList())));
    if (each.checkpointing()) {
      command.add("--activation-checkpointing");
    }
    String title = name(config) + "-" + title(each);
    Path log = output.resolve("plan").resolve(title + ".plan.json");
    ChildProcess.run("graft plan", command, log);
    return new JsonMapper().readTree(Files.readString(log));
  }

  private JsonNode train(Path config, List<PlanCase> cases, boolean memory) throws IOException {
    Path folder = output.resolve("plan");
    PlanCase first = cases.getFirst();
    String title = name(config) + "-" + title(first) + (memory ? ".memory" : "");
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
            "--steps=" + steps));
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
