package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.data.view.ExampleJson;
import dev.graft.data.view.ExampleText;
import dev.graft.data.view.RowSelection;
import dev.graft.data.view.ShownExample;
import dev.graft.run.ShowRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft data show}. */
@Command(
    name = "show",
    sortOptions = false,
    footer = {"", "Example: graft data show 3-5 --model models/smol --data train.jsonl"},
    description = "Shows examples exactly as the model will see them, token by token.")
final class DataShowCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "N|N-M",
      description = "Which rows, counted from 1 (the first one).")
  private @Nullable String rows;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "Model folder, GGUF file, or name on the Hub (owner/name).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String model;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "The data set.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Mixin private final DataFlags layout = new DataFlags();

  @Mixin private final ExampleFlags examples = new ExampleFlags();

  @Option(
      names = "--row",
      paramLabel = "LINE",
      description = "The row on this line of the file, as error messages count.")
  private @Nullable Long row;

  @Option(names = "--tokens", description = "A table with a line for each token.")
  private boolean tokens;

  @Option(names = "--json", description = "Print an object a line for each example.")
  private boolean json;

  @Option(
      names = "--html",
      paramLabel = "OUT.html",
      description = "Write a page instead, which needs no network.")
  private @Nullable Path html;

  @Option(
      names = "--color",
      paramLabel = "auto|always|never",
      defaultValue = "auto",
      description = "Colour; auto is on terminals without NO_COLOR (${DEFAULT-VALUE}).")
  private Terminal.Color color = Terminal.Color.AUTO;

  @Override
  public Integer call() throws IOException {
    ShowRun.Request request =
        new ShowRun.Request(
            model, data, selection(), examples.maxLength(), examples.lossOn(), layout.options());
    if (html != null && (json || tokens)) {
      throw new InputException("--html: can't be given with --json or --tokens");
    }
    try (ProgressLine line = ProgressLine.onStandardError(false)) {
      if (html != null) {
        ShowRun.writePage(request, new Listening(line), html);
        return ExitCode.OK;
      }
      print(request, new Listening(line));
    }
    return ExitCode.OK;
  }

  private void print(ShowRun.Request request, Listening listening) {
    PrintWriter out = spec.commandLine().getOut();
    boolean colored = Terminal.color(color);
    boolean[] first = {true};
    ShowRun.run(
        request,
        listening,
        example -> {
          if (!json) {
            out.println(first[0] && !tokens ? legend(colored) + System.lineSeparator() : "");
          }
          first[0] = false;
          out.print(text(example, colored));
          out.flush();
        });
  }

  private static String legend(boolean colored) {
    return colored ? ExampleText.COLOR_LEGEND : ExampleText.LEGEND;
  }

  private String text(ShownExample example, boolean colored) {
    if (json) {
      return ExampleJson.of(example) + System.lineSeparator();
    }
    return tokens ? ExampleText.table(example, colored) : ExampleText.of(example, colored);
  }

  private RowSelection selection() {
    if (rows != null && row != null) {
      throw new InputException("--row: can't be given with '" + rows + "'");
    }
    if (row != null) {
      if (row < 1) {
        throw new InputException("--row: must be a line of the file, from 1, not '" + row + "'");
      }
      return RowSelection.line(row);
    }
    return RowSelection.parse(rows == null ? "1" : rows);
  }
}
