package dev.graft.data.view;

import dev.graft.InputException;
import dev.graft.data.EncodedRow;
import dev.graft.data.Row;
import dev.graft.data.RowEncoder;
import dev.graft.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/** Makes rows into examples to be shown, in the way training encodes them. */
public final class ExampleViewer {
  private final RowEncoder encoder;
  private final Tokenizer tokenizer;
  private final int maxLength;

  /**
   * A viewer.
   *
   * @param tokenizer the one that {@code encoder} encodes with
   * @param maxLength longest example in tokens
   */
  public ExampleViewer(RowEncoder encoder, Tokenizer tokenizer, int maxLength) {
    this.encoder = encoder;
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
  }

  /**
   * The examples of a row: two for a preference, one for any other.
   *
   * @throws InputException {@code FILE:LINE: …} where the row can't be encoded
   */
  public List<ShownExample> view(Path file, Row row) {
    return switch (row) {
      case Row.Preference preference ->
          List.of(
              example(file, preference.chosen(), "chosen"),
              example(file, preference.rejected(), "rejected"));
      case Row.Feedback feedback ->
          List.of(example(file, feedback.answered(), feedback.good() ? "good" : "bad"));
      default -> List.of(example(file, row, ""));
    };
  }

  private ShownExample example(Path file, Row row, String answer) {
    EncodedRow encoded;
    try {
      encoded = encoder.encode(row);
    } catch (InputException e) {
      throw InputException.at(file, row.line(), String.valueOf(e.getMessage()));
    }
    List<ShownToken> tokens = new TokenViews(encoded, tokenizer).all();
    return new ShownExample(
        file,
        row.line(),
        kind(row),
        answer,
        encoded.text(),
        tokens,
        maxLength,
        Warnings.of(encoded, tokens, maxLength));
  }

  private static String kind(Row row) {
    return switch (row) {
      case Row.Chat chat ->
          "chat of "
              + count(chat.messages().size(), "message")
              + (chat.tools().isEmpty() ? "" : " and " + count(chat.tools().size(), "tool"));
      case Row.Completion completion -> "prompt and completion";
      case Row.Text text -> "text";
      case Row.Preference preference -> "preference";
      case Row.Feedback feedback -> "rated answer";
    };
  }

  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
