package dev.graft.run;

import dev.graft.InputException;
import dev.graft.data.RowOptions;
import dev.graft.data.documents.Documents;
import dev.graft.text.bpe.BpeTrainer;
import dev.graft.text.bpe.BpeVocabulary;
import dev.graft.text.bpe.TokenizerFiles;
import dev.graft.text.bpe.WordCounts;
import dev.graft.text.bpe.WordSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One run of {@code graft tokenizer train}: from text to a tokenizer's files. */
public final class TokenizerTrainRun {
  /** Different words held at once; some 2 GB. */
  private static final int MOST_WORDS = 12_000_000;

  /**
   * What to train.
   *
   * @param data files and folders of text
   * @param rows how their rows are understood, where they have rows
   * @param output folder for {@code tokenizer.json} and {@code tokenizer_config.json}
   * @param overwrite whether a tokenizer that is there may be replaced
   */
  public record Request(
      List<Path> data,
      RowOptions rows,
      Path output,
      boolean overwrite,
      BpeTrainer.Request training,
      WordSplit split) {}

  /**
   * What was made.
   *
   * @param documents that were read
   * @param characters of them, in UTF-16 units
   * @param words different ones
   */
  public record Result(BpeVocabulary vocabulary, long documents, long characters, int words) {}

  private TokenizerTrainRun() {}

  /** Trains and writes; empty where {@code stop} ended it, and nothing is written then. */
  public static Optional<Result> run(Request request, RunListener listener, BooleanSupplier stop)
      throws IOException {
    Path target = request.output().resolve("tokenizer.json");
    if (Files.exists(target) && !request.overwrite()) {
      throw InputException.in(target, "is there already; --overwrite replaces it");
    }
    WordCounts counts = new WordCounts(request.split(), MOST_WORDS);
    long documents = count(request, counts, listener, stop);
    if (counts.size() == 0 && !stop.getAsBoolean()) {
      throw InputException.in(request.data().getFirst(), "holds no text");
    }
    if (counts.forgotten() > 0) {
      listener.note(
          "there are more different words than memory is meant for; rare ones were left out");
    }
    BpeTrainer.Request training = request.training();
    BpeVocabulary vocabulary =
        BpeTrainer.train(
            counts,
            training,
            size -> listener.progress("merging: " + size + " of " + training.vocabulary()),
            stop);
    if (stop.getAsBoolean()) {
      return Optional.empty();
    }
    if (vocabulary.tokens().size() < training.vocabulary()) {
      listener.note(
          "the text gives no more than "
              + vocabulary.tokens().size()
              + " tokens that occur often enough");
    }
    TokenizerFiles.write(request.output(), vocabulary);
    return Optional.of(new Result(vocabulary, documents, counts.units(), counts.size()));
  }

  private static long count(
      Request request, WordCounts counts, RunListener listener, BooleanSupplier stop) {
    List<Path> files = Documents.files(request.data());
    long documents = 0;
    long shown = 0;
    try (Documents all = new Documents(files, TokenizerFiles.END_OF_TEXT, request.rows())) {
      for (var piece = all.next(); piece != null && !stop.getAsBoolean(); piece = all.next()) {
        counts.add(piece.text());
        documents += piece.ends() ? 1 : 0;
        if (counts.units() - shown > 4 << 20) {
          shown = counts.units();
          listener.progress(
              String.format(
                  Locale.ROOT,
                  "counting words: %d MB read, %d different words",
                  shown / 1_000_000,
                  counts.size()));
        }
      }
    }
    return documents;
  }
}
