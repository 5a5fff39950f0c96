package dev.graft.data;

import dev.graft.InputException;
import dev.graft.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns the rows of a file into examples: templates conversations, encodes, masks, and cuts what is
 * too long.
 *
 * <p>Plain texts and completions end in the model's end-of-sequence token, which is learnt too:
 * without it a model never learns to stop.
 */
public final class ExampleSource {
  private final Optional<ChatFormat> chat;
  private final OptionalInt bos;
  private final OptionalInt eos;
  private final LossOn lossOn;
  private final ExampleEncoder encoder;

  /**
   * A source of examples for one model.
   *
   * @param chat how the model's conversations are written; empty for a model without a template
   * @param special ids around plain texts
   * @param maxLength longest example in tokens
   */
  public ExampleSource(
      Tokenizer tokenizer,
      Optional<ChatFormat> chat,
      SpecialTokens special,
      LossOn lossOn,
      int maxLength) {
    this.chat = chat;
    this.bos = special.bos();
    this.eos = special.eos();
    this.lossOn = lossOn;
    this.encoder = new ExampleEncoder(tokenizer, maxLength);
  }

  /** Ids that are put before and behind plain texts; empty for none. */
  public record SpecialTokens(OptionalInt bos, OptionalInt eos) {}

  /**
   * What became of a file.
   *
   * @param examples those with something to learn
   * @param cut how many of them lost their end to the length limit
   * @param dropped lines of rows of which the limit left nothing to learn
   */
  public record Loaded(List<Example> examples, int cut, List<Long> dropped) {}

  /** Reads and encodes a file. */
  public Loaded load(Path file) {
    List<Example> examples = new ArrayList<>();
    List<Long> dropped = new ArrayList<>();
    int cut = 0;
    for (Row row : RowReader.read(file)) {
      Example example = encode(file, row);
      if (example.tokens().learntTokens() > 0) {
        examples.add(example);
        cut += example.cut() ? 1 : 0;
      } else if (example.cut()) {
        dropped.add(row.line());
      } else {
        throw InputException.at(file, row.line(), "has nothing to learn in it");
      }
    }
    if (examples.isEmpty()) {
      throw InputException.in(
          file, "every row is longer than --max-length before anything to learn comes");
    }
    return new Loaded(examples, cut, dropped);
  }

  /** Encodes one row of a file. */
  public Example encode(Path file, Row row) {
    try {
      return switch (row) {
        case Row.Chat conversation -> chat(file, conversation);
        case Row.Completion completion -> completion(completion);
        case Row.Text text ->
            encoder.encode(
                row.line(),
                text.text(),
                List.of(new ExampleEncoder.Range(0, text.text().length())),
                bos.orElse(-1),
                eos.orElse(-1));
      };
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(file + ":") ? e : InputException.at(file, row.line(), message);
    }
  }

  private Example completion(Row.Completion row) {
    String text = row.prompt() + row.completion();
    int from = lossOn == LossOn.EVERYTHING ? 0 : row.prompt().length();
    List<ExampleEncoder.Range> learnt = List.of(new ExampleEncoder.Range(from, text.length()));
    return encoder.encode(row.line(), text, learnt, bos.orElse(-1), eos.orElse(-1));
  }

  private Example chat(Path file, Row.Chat row) {
    ChatFormat format =
        chat.orElseThrow(() ->
            InputException.at(
                file,
                row.line(),
                "holds a conversation, but the model has no chat template; use an instruct"
                    + " model, or rows with \"prompt\" and \"completion\""));
    ChatFormat.Masked masked = format.mask(row, lossOn);
    // As in transformers, the template writes all special tokens; none is added to what it writes.
    return encoder.encode(row.line(), masked.text(), masked.learnt(), -1, -1);
  }
}
