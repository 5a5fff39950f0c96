package dev.graft.bench.memory;

import dev.graft.InputException;
import dev.graft.bench.BenchException;
import dev.graft.bench.process.ChildProcess;
import dev.graft.bench.process.Launcher;
import dev.graft.bench.report.Machine;
import dev.graft.bench.report.Markdown;
import dev.graft.bench.report.ReportFiles;
import dev.graft.bench.train.PreparedData;
import dev.graft.model.DecoderSpec;
import dev.graft.run.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench memory}: peak memory of training by size of the model and by method. */
@Command(
    name = "memory",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Measures the peak memory of training by model size.")
public final class MemoryCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--model", required = true, description = "Model folder: the first size.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path model;

  @Option(names = "--data", required = true, description = "Rows as JSON lines.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(names = "--output", description = "Folder of the report (${DEFAULT-VALUE}).")
  private Path output = Path.of("runs", "bench");

  @Option(
      names = "--sizes",
      split = ",",
      description = "More models WIDTHxLAYERS with random weights (${DEFAULT-VALUE}).")
  private List<String> sizes = List.of("256x4", "512x8", "1024x12");

  @Option(names = "--methods", split = ",", description = "lora, full or both (${DEFAULT-VALUE}).")
  private List<String> methods = List.of("lora", "full");

  @Option(names = "--steps", description = "Optimizer steps of a run (${DEFAULT-VALUE}).")
  private int steps = 3;

  @Option(names = "--batch-size", description = "Examples a step (${DEFAULT-VALUE}).")
  private int batch = 8;

  @Option(names = "--max-length", description = "Longest row in tokens (${DEFAULT-VALUE}).")
  private int maxLength = 512;

  @Option(names = "--precision", description = "bf16 or fp32 (${DEFAULT-VALUE}).")
  private String precision = "bf16";

  @Option(names = "--threads", description = "Of Graft (${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * One run.
   *
   * @param tokens most tokens of a step
   * @param predictedBytes what Graft said beforehand that it would take; NaN where it says nothing
   */
  private record Measured(
      String model,
      String method,
      long parameters,
      long trainable,
      long tokens,
      double peakBytes,
      double predictedBytes) {}

  @Override
  public Integer call() throws IOException {
    for (String method : methods) {
      if (!method.equals("lora") && !method.equals("full")) {
        throw new InputException("--methods: '" + method + "' is neither lora nor full");
      }
    }
    List<SyntheticModel> synthetic = sizes.stream().map(SyntheticModel::parse).toList();
    Launcher launcher = Launcher.find();
    launcher.build(output.resolve("build.log"));
    Map<String, Path> models = new LinkedHashMap<>();
    models.put(String.valueOf(model.getFileName()), model);
    int vocabulary = vocabulary();
    for (SyntheticModel size : synthetic) {
      Path folder = output.resolve("memory").resolve("model-" + size);
      size.write(folder, model, vocabulary);
      models.put(size.toString(), folder);
    }
    List<Measured> all = new ArrayList<>();
    for (Map.Entry<String, Path> entry : models.entrySet()) {
      for (String method : methods) {
        spec.commandLine().getErr().println("bench: " + entry.getKey() + " " + method + " …");
        all.add(measure(launcher, entry.getKey(), entry.getValue(), method));
      }
    }
    report(all);
    return 0;
  }

  private int vocabulary() {
    if (!Files.isRegularFile(model.resolve("tokenizer.json"))) {
      throw InputException.in(model, "has no tokenizer.json, which the other sizes need");
    }
    try (BaseModel base = PreparedData.open(model)) {
      DecoderSpec shape = base.spec();
      return shape.vocabulary();
    }
  }

  private Measured measure(Launcher launcher, String name, Path folder, String method)
      throws IOException {
    Path run = output.resolve("memory").resolve(name + "-" + method).toAbsolutePath();
    List<String> command =
        List.of(
            launcher.graft().toString(),
            "train",
            "--model=" + folder.toAbsolutePath(),
            "--data=" + data.toAbsolutePath(),
            "--output=" + run,
            "--overwrite",
            "--method=" + method,
            "--max-steps=" + steps,
            "--save-every=" + steps,
            "--batch-size=" + batch,
            "--max-length=" + maxLength,
            "--precision=" + precision,
            "--threads=" + threads);
    Path log = output.resolve("memory").resolve(name + "-" + method + ".log");
    ChildProcess.Ran ran = ChildProcess.run(name + " " + method, command, log);
    JsonMapper json = new JsonMapper();
    JsonNode summary = json.readTree(Files.readString(run.resolve("summary.json")));
    long tokens = 0;
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      tokens = Math.max(tokens, json.readTree(line).path("tokens").asLong(0));
    }
    long own = summary.path("peak_rss_bytes").asLong(0);
    if (own == 0 && ran.peakBytes().isEmpty()) {
      throw new BenchException("this system does not tell how much memory a process holds");
    }
    return new Measured(
        name,
        method,
        summary.path("total_parameters").asLong(0),
        summary.path("trainable_parameters").asLong(0),
        tokens,
        Math.max(own, ran.peakBytes().orElse(0)),
        summary.path("predicted_peak_bytes").asDouble(Double.NaN));
  }

  private void report(List<Measured> all) {
    Markdown table =
        new Markdown(
            "model",
            "method",
            "parameters",
            "trained",
            "tokens a step",
            "peak MiB",
            "bytes a parameter",
            "predicted MiB");
    for (Measured m : all) {
      table.row(
          m.model(),
          m.method(),
          Markdown.number(m.parameters() / 1e6, 1) + " M",
          Markdown.number(m.trainable() / 1e6, 1) + " M",
          Long.toString(m.tokens()),
          Markdown.mebibytes(m.peakBytes()),
          Markdown.number(m.peakBytes() / m.parameters(), 1),
          Markdown.mebibytes(m.predictedBytes()));
    }
    Machine machine = Machine.here();
    String page =
        "# Peak memory of training\n\n"
            + machine.line()
            + ".\n\n- precision: "
            + precision
            + "\n- batch size: "
            + batch
            + "\n- max length: "
            + maxLength
            + "\n\n"
            + table
            + "\nThe peak is the resident memory of the whole process, the JVM and mapped weights"
            + " included.\n";
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("precision", precision);
    json.put("batch_size", batch);
    json.put("max_length", maxLength);
    json.put("runs", all);
    ReportFiles.write(output, "memory", page, json);
    spec.commandLine().getOut().print(page);
    spec.commandLine().getOut().flush();
  }
}
