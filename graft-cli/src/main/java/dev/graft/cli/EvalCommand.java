package dev.graft.cli;

import dev.graft.config.RowMappings;
import dev.graft.data.DataFormat;
import dev.graft.data.RowOptions;
import dev.graft.evaluate.LossReport;
import dev.graft.run.EvalRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft eval}. */
@Command(
    name = "eval",
    sortOptions = false,
    footer = {
      "",
      "Example: graft eval --model models/smol --adapter runs/first/adapter --data valid.jsonl"
    },
    description = "Measures loss and perplexity on a file of examples, with or without an adapter.")
final class EvalCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final ModelFlags model = new ModelFlags();

  @Mixin private final ExampleFlags examples = new ExampleFlags();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PATH",
      description = "Examples, as for training.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(
      names = "--data-format",
      paramLabel = "LAYOUT",
      description = "Layout of the examples; their keys tell it otherwise.")
  private @Nullable DataFormat format;

  @Option(
      names = "--data-map",
      paramLabel = "NAME=THEIRS|FILE",
      description = "What the examples call keys and roles that have other names here.")
  private List<String> map = List.of();

  @Option(
      names = "--per-example",
      paramLabel = "FILE",
      description = "Write each example's index, loss and tokens as JSON lines.")
  private @Nullable Path perExample;

  @Option(
      names = "--dump-tokens",
      paramLabel = "FILE",
      description = "Write each example's token ids and which are learnt, as JSON.")
  private @Nullable Path dumpTokens;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() {
    EvalRun.Request request =
        new EvalRun.Request(
            model.model(),
            model.adapter(),
            data,
            new RowOptions(Optional.ofNullable(format), RowMappings.parse("--data-map", map)),
            examples.maxLength(),
            examples.lossOn(),
            model.dtype(),
            Optional.ofNullable(perExample),
            Optional.ofNullable(dumpTokens),
            model.threads());
    try (ProgressLine line = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(line::message)) {
      LossReport report = EvalRun.run(request, new Listening(line), interrupts::requested);
      if (report.examples().isEmpty()) {
        return ExitCode.INTERRUPTED; // nothing was measured
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(new JsonMapper().writeValueAsString(toMap(report)));
      } else {
        out.print(toText(report));
      }
      return interrupts.requested() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private static Map<String, Object> toMap(LossReport report) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("loss", report.loss());
    map.put("loss_low", finite(report.lossLow()));
    map.put("loss_high", finite(report.lossHigh()));
    map.put("perplexity", report.perplexity());
    map.put("perplexity_low", finite(report.perplexityLow()));
    map.put("perplexity_high", finite(report.perplexityHigh()));
    map.put("examples", report.examples().size());
    map.put("tokens", report.tokens());
    return map;
  }

  /** JSON has no NaN: one example alone has no interval. */
  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  static String toText(LossReport report) {
    return String.format(
        Locale.ROOT,
        "loss        %.4f%s%nperplexity  %.3f%s%nexamples    %d%ntokens      %d learnt%n",
        report.loss(),
        interval("%.4f", report.lossLow(), report.lossHigh()),
        report.perplexity(),
        interval("%.3f", report.perplexityLow(), report.perplexityHigh()),
        report.examples().size(),
        report.tokens());
  }

  private static String interval(String number, double low, double high) {
    return Double.isNaN(low)
        ? "  (no interval for one example alone)"
        : String.format(Locale.ROOT, "  (95 %% " + number + " to " + number + ")", low, high);
  }
}
