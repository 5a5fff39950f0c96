package dev.graft.cli;

import dev.graft.data.arrange.Quota;
import dev.graft.data.arrange.Split;
import dev.graft.data.check.Shown;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft data split}. */
@Command(
    name = "split",
    sortOptions = false,
    footer = {
      "",
      "Example: graft data split tickets.jsonl --output tickets --valid 0.1 --test 200"
    },
    description = "Divides rows into train.jsonl, valid.jsonl and, if wanted, test.jsonl.")
final class DataSplitCommand implements Callable<Integer> {
  private static final int LONGEST = 60;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(paramLabel = "INPUT", description = "Rows to divide.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FOLDER",
      description = "Where the files go.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Mixin private final DataFlags layout = new DataFlags();

  @Option(
      names = "--valid",
      paramLabel = "ROWS|SHARE",
      defaultValue = "0.1",
      description = "Rows held out for validation: a number, or a share (${DEFAULT-VALUE}).")
  private String valid = "0.1";

  @Option(
      names = "--test",
      paramLabel = "ROWS|SHARE",
      description = "Rows held out for a last test; none without it.")
  private @Nullable String test;

  @Option(
      names = "--group-by",
      paramLabel = "KEY",
      description = "Rows of one value of this key (such as meta.customer) stay together.")
  private @Nullable String groupBy;

  @Option(
      names = "--stratify-by",
      paramLabel = "KEY",
      description =
          "Each file gets its share of every value of this key; 'answer' stands for the answer.")
  private @Nullable String stratifyBy;

  @Option(
      names = "--no-near-duplicates",
      description = "Do not look for rows that are nearly the same; they may then be divided.")
  private boolean apart;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Of the draw.")
  private long seed;

  @Option(names = "--overwrite", description = "Replace files of an earlier split.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Split.Request request =
        new Split.Request(
            input,
            output,
            layout.options(),
            Quota.parse("--valid", valid),
            Optional.ofNullable(test).map(text -> Quota.parse("--test", text)),
            seed,
            Optional.ofNullable(groupBy),
            Optional.ofNullable(stratifyBy),
            !apart,
            overwrite);
    Split.Result result = Split.run(request);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new JsonMapper().writeValueAsString(toMap(result)));
      return ExitCode.OK;
    }
    print(result, out);
    PrintWriter err = spec.commandLine().getErr();
    result.warnings().forEach(warning -> err.println("warning: " + warning));
    return ExitCode.OK;
  }

  private void print(Split.Result result, PrintWriter out) {
    result.rows().forEach((file, rows) -> out.println(file + ": " + rows + " rows"));
    if (groupBy != null) {
      out.println(result.groups() + " groups by " + groupBy + ", none divided");
    }
    if (!apart) {
      out.println(
          result.alike() == 0
              ? "no rows are nearly the same"
              : result.alike()
                  + " rows are nearly the same as another; they are on one side with it");
    }
    if (!result.strata().isEmpty()) {
      out.println("rows of each value of " + stratifyBy + " in these files:");
    }
    result
        .strata()
        .forEach(
            (name, rows) -> out.println("  " + Shown.line(name, LONGEST) + ": " + numbers(rows)));
  }

  private static String numbers(List<Long> rows) {
    return String.join(" + ", rows.stream().map(String::valueOf).toList());
  }

  private Map<String, Object> toMap(Split.Result result) {
    Map<String, Object> map = new LinkedHashMap<>();
    Map<String, Object> rows = new LinkedHashMap<>();
    result.rows().forEach((file, count) -> rows.put(file.toString(), count));
    Map<String, Object> wanted = new LinkedHashMap<>();
    result.wanted().forEach((file, count) -> wanted.put(file.toString(), count));
    map.put("rows", rows);
    map.put("wanted", wanted);
    map.put("seed", seed);
    map.put("groups", result.groups());
    map.put("near_duplicates", apart ? null : result.alike());
    map.put("largest_together", result.largest());
    map.put("strata", result.strata());
    map.put("warnings", result.warnings());
    return map;
  }
}
