package dev.graft.data;

import dev.graft.InputException;
import dev.graft.text.Encoding;
import dev.graft.text.LossMask;
import dev.graft.text.Tokenizer;
import dev.graft.text.template.CharRange;
import dev.graft.text.template.Span;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Rows to token ids with a loss mask, for one model.
 *
 * <p>A token is learnt when it holds at least one learnt character: a token that straddles a border
 * is part of what the model has to produce. Plain texts and completions end in the model's
 * end-of-sequence token, which is learnt too: without it a model never learns to stop. Several
 * threads may use one encoder.
 */
public final class RowEncoder {
  private final Tokenizer tokenizer;
  private final Optional<ChatFormat> chat;
  private final int bos;
  private final int eos;
  private final LossOn lossOn;

  /**
   * An encoder.
   *
   * @param chat how the model's conversations are written; empty for a model without a template
   * @param special ids around plain texts
   */
  public RowEncoder(
      Tokenizer tokenizer, Optional<ChatFormat> chat, SpecialTokens special, LossOn lossOn) {
    this.tokenizer = tokenizer;
    this.chat = chat;
    this.bos = special.bos().orElse(-1);
    this.eos = special.eos().orElse(-1);
    this.lossOn = lossOn;
  }

  /** Ids that are put before and behind plain texts; empty for none. */
  public record SpecialTokens(OptionalInt bos, OptionalInt eos) {}

  /**
   * Encodes a row.
   *
   * @throws InputException where the template refuses it, or the model has none
   */
  public EncodedRow encode(Row row) {
    return switch (row) {
      case Row.Chat conversation -> chat(conversation);
      case Row.Completion completion -> {
        String text = completion.prompt() + completion.completion();
        int from = lossOn == LossOn.EVERYTHING ? 0 : completion.prompt().length();
        yield plain(row, text, from);
      }
      case Row.Text text -> plain(row, text.text(), 0);
      case Row.Preference preference ->
          throw new InputException(
              "holds a chosen and a rejected answer; supervised fine-tuning learns from one answer");
      case Row.Feedback feedback ->
          throw new InputException(
              "holds an answer with a label; supervised fine-tuning learns from good answers only");
    };
  }

  private EncodedRow chat(Row.Chat row) {
    ChatFormat format =
        chat.orElseThrow(() ->
            new InputException(
                "holds a conversation, but the model has no chat template; use an instruct"
                    + " model, or rows with \"prompt\" and \"completion\""));
    LossMask mask = format.mask(row, lossOn);
    Encoding encoding = tokenizer.encode(mask.text());
    // As in transformers, the template writes all special tokens; none is added to what it writes.
    Columns columns = new Columns(encoding, -1, -1, mask.text().length());
    columns.learn(encoding, mask.learnt());
    return columns.row(row, mask.text(), mask.rendered().spans(), mask.turns());
  }

  private EncodedRow plain(Row row, String text, int from) {
    Encoding encoding = tokenizer.encode(text);
    Columns columns = new Columns(encoding, bos, eos, text.length());
    columns.learn(encoding, List.of(new CharRange(from, text.length())));
    return columns.row(row, text, List.of(), List.of());
  }

  /** The arrays of a row: an encoding with an id before it and one behind it, or −1 for none. */
  private static final class Columns {
    private final int lead;
    private final int[] ids;
    private final int[] starts;
    private final int[] ends;
    private final boolean[] learnt;

    Columns(Encoding encoding, int before, int after, int end) {
      lead = before >= 0 ? 1 : 0;
      int total = encoding.length() + lead + (after >= 0 ? 1 : 0);
      ids = new int[total];
      starts = new int[total];
      ends = new int[total];
      learnt = new boolean[total];
      if (lead == 1) {
        ids[0] = before;
      }
      for (int t = 0; t < encoding.length(); t++) {
        ids[lead + t] = encoding.id(t);
        starts[lead + t] = encoding.start(t);
        ends[lead + t] = encoding.end(t);
      }
      if (after >= 0) {
        ids[total - 1] = after;
        starts[total - 1] = end;
        ends[total - 1] = end;
        learnt[total - 1] = true;
      }
    }

    /** Tokens and ranges both go forward, so one walk over both does. */
    void learn(Encoding encoding, List<CharRange> ranges) {
      int range = 0;
      for (int t = 0; t < encoding.length(); t++) {
        while (range < ranges.size() && ranges.get(range).end() <= encoding.start(t)) {
          range++;
        }
        if (range < ranges.size() && ranges.get(range).start() < encoding.end(t)) {
          learnt[lead + t] = true;
        }
      }
    }

    EncodedRow row(Row row, String text, List<Span> spans, List<LossMask.Turn> turns) {
      if (learnt.length > 0) {
        learnt[0] = false; // nothing comes before the first token to predict it from
      }
      return new EncodedRow(row, text, ids, starts, ends, learnt, spans, turns);
    }
  }
}
