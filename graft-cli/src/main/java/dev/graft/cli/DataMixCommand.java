package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.data.arrange.Mix;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft data mix}. */
@Command(
    name = "mix",
    sortOptions = false,
    footer = {
      "",
      "Example: graft data mix mixed.jsonl tickets.jsonl=0.9 general.jsonl=0.1",
      "A part of general rows keeps a model from forgetting what it could do."
    },
    description = "Mixes data sets by weights, shuffled.")
final class DataMixCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "OUTPUT", description = "JSON lines to write.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE=WEIGHT",
      description = "Data sets with their weights.")
  private List<String> sources = new ArrayList<>();

  @Mixin private final DataFlags layout = new DataFlags();

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows to write; else as many as there are without repeating any.")
  private @Nullable Long rows;

  @Option(names = "--no-repeat", description = "An error where a data set has too few rows.")
  private boolean noRepeat;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Of the draw.")
  private long seed;

  @Option(names = "--overwrite", description = "Replace the output.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (rows != null && (rows < 1 || rows > 1_000_000_000)) {
      throw new InputException("--rows: must be from 1 to 1000000000, not '" + rows + "'");
    }
    Mix.Request request =
        new Mix.Request(
            output,
            sources.stream().map(DataMixCommand::source).toList(),
            rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
            layout.options(),
            seed,
            !noRepeat,
            overwrite);
    Mix.Result result = Mix.run(request);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new JsonMapper().writeValueAsString(toMap(result)));
      return ExitCode.OK;
    }
    out.println(output + ": " + result.rows() + " rows");
    for (Mix.Taken taken : result.sources()) {
      out.println(
          "  " + taken.file() + ": " + taken.taken() + " of " + taken.rows() + times(taken));
    }
    if (result.repeated() > 0) {
      out.println(result.repeated() + " rows of the sources stand in an earlier source too");
    }
    return ExitCode.OK;
  }

  private static String times(Mix.Taken taken) {
    return taken.taken() <= taken.rows()
        ? ""
        : String.format(Locale.ROOT, ", each about %.1f times", taken.epochs());
  }

  private static Mix.Source source(String text) {
    int equals = text.lastIndexOf('=');
    if (equals > 0) {
      try {
        double weight = Double.parseDouble(text.substring(equals + 1));
        if (weight > 0 && weight <= 1e9) {
          return new Mix.Source(Path.of(text.substring(0, equals)), weight);
        }
      } catch (NumberFormatException e) {
        // told below
      }
    }
    throw new InputException(
        "'" + text + "': must be a file and a weight above 0, such as general.jsonl=0.1");
  }

  private Map<String, Object> toMap(Mix.Result result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("output", output.toString());
    map.put("rows", result.rows());
    map.put("seed", seed);
    List<Map<String, Object>> parts = new ArrayList<>();
    for (Mix.Taken taken : result.sources()) {
      Map<String, Object> part = new LinkedHashMap<>();
      part.put("file", taken.file().toString());
      part.put("rows", taken.rows());
      part.put("taken", taken.taken());
      part.put("epochs", taken.epochs());
      parts.add(part);
    }
    map.put("sources", parts);
    map.put("repeated", result.repeated());
    return map;
  }
}
