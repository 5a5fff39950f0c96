package dev.graft.cli;

import dev.graft.data.DataFormat;
import dev.graft.run.ConvertRun;
import java.io.IOException;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft data convert}. */
@Command(
    name = "convert",
    sortOptions = false,
    footer = {
      "",
      "The name of OUTPUT says in which format it is: .jsonl, .json, .csv, .tsv, each also with .gz",
      "or .zst, or .parquet.",
      "",
      "Example: graft data convert alpaca.parquet train.jsonl --to messages"
    },
    description = "Brings data into another format or layout.")
final class DataConvertCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "File or folder: JSON lines, JSON, CSV, TSV, Parquet, text; also .gz and .zst.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path input;

  @Parameters(index = "1", paramLabel = "OUTPUT", description = "File to write.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Option(
      names = "--to",
      paramLabel = "LAYOUT",
      description =
          "Layout to write: messages, sharegpt, alpaca, prompt-completion, text, preference or"
              + " feedback; without it, rows keep theirs.")
  private @Nullable DataFormat to;

  @Mixin private final DataFlags flags = new DataFlags();

  @Option(
      names = "--skip",
      description = "Leave out and count rows that can't be read or written, instead of ending.")
  private boolean skip;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    ConvertRun.Request request =
        new ConvertRun.Request(input, output, Optional.ofNullable(to), flags.options(), skip);
    ConvertRun.Result result;
    try (ProgressLine line = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(line::message)) {
      result = ConvertRun.run(request, new Listening(line), interrupts::requested);
    }
    if (result.stopped()) {
      return ExitCode.INTERRUPTED; // nothing was written
    }
    if (json) {
      spec.commandLine().getOut().println(new JsonMapper().writeValueAsString(toMap(result)));
    } else {
      spec.commandLine().getOut().println(toText(result));
    }
    result
        .firstSkipped()
        .ifPresent(why ->
            spec.commandLine().getErr().println("left out: " + why + others(result.skipped())));
    return ExitCode.OK;
  }

  private static String others(long skipped) {
    return skipped > 1 ? " (and " + (skipped - 1) + " more)" : "";
  }

  private String toText(ConvertRun.Result result) {
    String left = result.skipped() > 0 ? ", left out " + result.skipped() : "";
    return "wrote " + result.written() + " rows to " + output + left;
  }

  private Map<String, Object> toMap(ConvertRun.Result result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("output", output.toString());
    map.put("read", result.read());
    map.put("written", result.written());
    map.put("skipped", result.skipped());
    result.firstSkipped().ifPresent(why -> map.put("first_skipped", why));
    return map;
  }
}
