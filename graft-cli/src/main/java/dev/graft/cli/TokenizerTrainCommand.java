package dev.graft.cli;

import dev.graft.run.TokenizerTrainRun;
import dev.graft.text.bpe.BpeTrainer;
import dev.graft.text.bpe.TokenizerFiles;
import dev.graft.text.bpe.WordSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft tokenizer train}. */
@Command(
    name = "train",
    sortOptions = false,
    footer = {
      "",
      "In a text file, a line <|endoftext|> stands between two documents; in files of rows each",
      "row's text is one.",
      "",
      "Example: graft tokenizer train --data books.txt --vocab-size 8192 --out models/mini"
    },
    description = "Trains a byte-level BPE tokenizer on text.")
final class TokenizerTrainCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "Text: .txt, .jsonl, .json, .csv, .parquet, also .gz and .zst, or folders.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--vocab-size",
      required = true,
      paramLabel = "N",
      description = "Tokens in all: the special ones, 256 bytes, and merges.")
  private int vocabulary;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Where tokenizer.json and tokenizer_config.json go.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Option(
      names = "--min-frequency",
      paramLabel = "N",
      defaultValue = "2",
      description = "Rarer pairs are not merged (${DEFAULT-VALUE}).")
  private long minFrequency = 2;

  @Option(
      names = "--split",
      paramLabel = "WORDS",
      defaultValue = "gpt2",
      description = "What merges stay within: gpt2, or digits (each digit alone besides).")
  private WordSplit split = WordSplit.GPT2;

  @Option(
      names = "--special",
      paramLabel = "TOKEN",
      description =
          "Special tokens, the first of which ends a text; can be repeated. Without it"
              + " <|endoftext|>, <|im_start|> and <|im_end|>.")
  private List<String> special = List.of();

  @Mixin private final DataFlags rows = new DataFlags();

  @Option(names = "--overwrite", description = "Replace the tokenizer that is there.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    List<String> tokens = special.isEmpty() ? TokenizerFiles.SPECIAL : special;
    TokenizerTrainRun.Request request =
        new TokenizerTrainRun.Request(
            data,
            rows.options(),
            output,
            overwrite,
            new BpeTrainer.Request(vocabulary, minFrequency, tokens),
            split);
    Optional<TokenizerTrainRun.Result> result;
    try (ProgressLine line = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(line::message)) {
      result = TokenizerTrainRun.run(request, new Listening(line), interrupts::requested);
    }
    if (result.isEmpty()) {
      return ExitCode.INTERRUPTED; // nothing was written
    }
    print(result.get());
    return ExitCode.OK;
  }

  private void print(TokenizerTrainRun.Result result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("output", output.toString());
    map.put("vocabulary", result.vocabulary().tokens().size());
    map.put("merges", result.vocabulary().merges().size());
    map.put("documents", result.documents());
    map.put("characters", result.characters());
    map.put("words", result.words());
    spec.commandLine()
        .getOut()
        .println(
            json
                ? new JsonMapper().writeValueAsString(map)
                : "wrote a tokenizer of "
                    + result.vocabulary().tokens().size()
                    + " tokens to "
                    + output
                    + ", trained on "
                    + result.documents()
                    + " documents");
  }
}
