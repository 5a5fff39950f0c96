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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(names = "--steps", description = "Measured steps of a setting (${DEFAULT-VALUE}).")
  private int steps = 7;

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
    if (!(learntShare > 0 && learntShare <= 1) || batch < 1 || steps < 1) {
      throw new InputException("--learnt-share, --batch-size and --steps must be above 0");
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
      all.addAll(measure(launcher, config.toAbsolutePath()));
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
        "measured steps: " + steps + ", after ten seconds that warm up");
  }

  private List<PlanReport.Measured> measure(Launcher launcher, Path config) throws IOException {
    String name = name(config);
    List<PlanReport.Measured> all = new ArrayList<>();
    PlanCase planned = null;
    @Nullable JsonNode plan = null;
    for (PlanCase each : PlanCase.all(ranks, lengths)) {
      if (plan == null || planned == null || !planned.sharesPlan(each)) {
        plan = plan(launcher, config, name, each);
        planned = each;
      }
      spec.commandLine().getErr().println("bench: " + name + " " + each.name() + " …");
      JsonNode row = row(plan, each);
      JsonNode real = train(config, name, each);
      JsonNode here = row.path("costs").path(0);
      all.add(
          new PlanReport.Measured(
              name,
              each,
              row.path("trainable").asLong(),
              row.path("memory").path("total").asDouble(),
              real.path("tensor_bytes").asDouble(),
              here.path("seconds").asDouble() / row.path("steps").asDouble(),
              real.path("median_seconds").asDouble()));
    }
    return all;
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

  private JsonNode plan(Launcher launcher, Path config, String name, PlanCase each)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(launcher.graft().toString());
    command.addAll(
        List.of(
            "plan",
            "--json",
            "--quiet",
            "--device=here",
            "--model=" + config,
            "--tokens=" + (long) each.length() * batch * steps,
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
    String title = name + "-" + each.length() + (each.checkpointing() ? "-again" : "");
    Path log = output.resolve("plan").resolve(title + ".plan.json");
    ChildProcess.run("graft plan", command, log);
    return new JsonMapper().readTree(Files.readString(log));
  }

  private JsonNode train(Path config, String name, PlanCase each) throws IOException {
    Path folder = output.resolve("plan");
    Path result = folder.resolve(name + "-" + each.name() + ".json").toAbsolutePath();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "plan-train",
            "--config=" + config,
            "--output=" + result,
            "--rank=" + each.rank(),
            "--length=" + each.length(),
            "--batch-size=" + batch,
            "--learnt-share=" + learntShare,
            "--precision=" + precision,
            "--threads=" + threads,
            "--steps=" + steps));
    if (each.checkpointing()) {
      arguments.add("--checkpointing");
    }
    List<String> command = ChildProcess.java(arguments.toArray(String[]::new));
    ChildProcess.run(each.name(), command, folder.resolve(name + "-" + each.name() + ".log"));
    return new JsonMapper().readTree(Files.readString(result));
  }
}
