package dev.graft.generate;

import dev.graft.InputException;
import dev.graft.model.Decoder;
import dev.graft.model.KeyValueCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Continues token ids with a model. */
public final class Generator {
  private final Decoder model;
  private final Set<Integer> stopIds;

  /**
   * A generator.
   *
   * @param stopIds ids that end a turn; they are not part of the result
   */
  public Generator(Decoder model, Set<Integer> stopIds) {
    this.model = model;
    this.stopIds = Set.copyOf(stopIds);
  }

  /** Why a generation ended. */
  public enum Reason {
    /** The model ended its turn. */
    END_OF_TURN,
    /** The limit of new tokens or of the model's context was reached. */
    LENGTH,
    /** The consumer wanted no more. */
    STOPPED
  }

  /** The new ids, without the one that ended the turn. */
  public record Result(List<Integer> ids, Reason reason) {}

  /**
   * Refuses a prompt that cannot be gone on from.
   *
   * @param context number of tokens that the model takes
   */
  public static void checkPrompt(int[] prompt, int context) {
    if (prompt.length == 0) {
      throw new InputException("the prompt is empty; give --prompt TEXT or text on standard input");
    }
    if (prompt.length >= context) {
      throw new InputException(
          "the prompt has " + prompt.length + " tokens, the model's context only " + context);
    }
  }

  /**
   * Generates up to {@code limit} tokens after the prompt.
   *
   * @param more is told each new id and says whether to go on
   */
  public Result generate(int[] prompt, int limit, SamplingOptions options, IntPredicate more) {
    int context = model.spec().maxPositions();
    checkPrompt(prompt, context);
    int most = Math.min(limit, context - prompt.length);
    Sampler sampler = new Sampler(options);
    for (int id : prompt) {
      sampler.see(id);
    }
    List<Integer> ids = new ArrayList<>();
    try (KeyValueCache cache = model.newCache(prompt.length + most)) {
      float[] logits = model.next(prompt, cache);
      while (ids.size() < most) {
        int id = sampler.choose(logits);
        if (stopIds.contains(id)) {
          return new Result(ids, Reason.END_OF_TURN);
        }
        ids.add(id);
        sampler.see(id);
        if (!more.test(id)) {
          return new Result(ids, Reason.STOPPED);
        }
        if (ids.size() < most) {
          logits = model.next(new int[] {id}, cache);
        }
      }
      return new Result(ids, Reason.LENGTH);
    }
  }
}
