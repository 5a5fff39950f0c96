package dev.graft.cli;

import dev.graft.data.check.CheckCode;
import dev.graft.data.check.CheckReport;
import dev.graft.data.check.ReportJson;
import dev.graft.data.check.ReportText;
import dev.graft.goal.Goal;
import dev.graft.goal.GoalJson;
import dev.graft.goal.GoalReport;
import dev.graft.goal.GoalText;
import dev.graft.run.DataCheckRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft data check}. */
@Command(
    name = "check",
    sortOptions = false,
    footer = {
      "",
      "Exit codes: 0 no errors (there may be warnings), 2 errors found, a goal missed, or wrong"
          + " usage.",
      "",
      "Example: graft data check --model models/smol --data train.jsonl --valid valid.jsonl"
    },
    description = "Finds mistakes in data that would train without a complaint.")
final class DataCheckCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "Model folder, GGUF file, or name on the Hub; its weights are not read.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "Training examples (JSON lines).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(names = "--valid", paramLabel = "FILE", description = "Held-out examples.")
  private @Nullable Path valid;

  @Option(
      names = "--goal",
      paramLabel = "FILE",
      description = "Rules for the answers (YAML), which the training examples are held against.")
  private @Nullable Path goal;

  @Mixin private final DataFlags layout = new DataFlags();

  @Mixin private final ExampleFlags examples = new ExampleFlags();

  @Option(
      names = "--allow",
      paramLabel = "CODE,...",
      defaultValue = "",
      description = "Errors that are to be warnings.")
  private String allow = "";

  @Option(
      names = "--limit-rows-shown",
      paramLabel = "N",
      defaultValue = "5",
      description = "Lines shown of each finding (${DEFAULT-VALUE}).")
  private int rowsShown = 5;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() {
    if (rowsShown < 0) {
      throw new ParameterException(
          spec.commandLine(), "--limit-rows-shown: must not be negative, as " + rowsShown + " is");
    }
    DataCheckRun.Request request =
        new DataCheckRun.Request(
            model,
            data,
            Optional.ofNullable(valid),
            examples.maxLength(),
            examples.lossOn(),
            CheckCode.parse(allow),
            layout.options());
    Optional<Goal> rules = Optional.ofNullable(goal).map(Goal::read);
    CheckReport report;
    Optional<GoalReport> style;
    try (ProgressLine line = ProgressLine.onStandardError(quiet)) {
      report = DataCheckRun.run(request, new Listening(line));
      style = rules.map(wanted -> DataCheckRun.goal(wanted, request, new Listening(line)));
    }
    print(report, style);
    boolean good = !report.hasErrors() && style.map(GoalReport::met).orElse(true);
    return good ? ExitCode.OK : ExitCode.BAD_INPUT;
  }

  private void print(CheckReport report, Optional<GoalReport> style) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>(ReportJson.of(report));
      style.ifPresent(goalReport -> tree.put("goal", GoalJson.of(goalReport)));
      out.println(new JsonMapper().writeValueAsString(tree));
      return;
    }
    out.print(ReportText.of(report, rowsShown));
    style.ifPresent(goalReport -> out.print("\n" + GoalText.of(goalReport, rowsShown)));
  }
}
