package dev.graft.generate;

import dev.graft.InputException;
import dev.graft.model.DecodeSession;
import dev.graft.model.Decoder;
import dev.graft.model.KeyValueCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Continues token ids with a model: one prompt, or many of which some run side by side.
 *
 * <p>Side by side, every weight is read once for the newest tokens of all sequences. What comes of
 * a prompt does not depend on its neighbours beyond the rounding of the passes.
 */
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
   * What to go on from.
   *
   * @param limit most new tokens, at least 1
   */
  public record Prompt(int[] ids, int limit, SamplingOptions sampling) {
    public Prompt {
      if (limit < 1) {
        throw new InputException("limit: " + limit + " is not a positive number of tokens");
      }
    }
  }

  /** Is told what comes; prompts are known by their number, from 0. */
  public interface Listener {
    /** A new token; whether to go on with that prompt. */
    default boolean token(int prompt, int id) {
      return true;
    }

    /** The end of a prompt: in the order in which they end, not that of the prompts. */
    void done(int prompt, Result result);
  }

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
    Result[] result = new Result[1];
    generate(
        List.of(new Prompt(prompt, limit, options)).iterator(),
        1,
        new Listener() {
          @Override
          public boolean token(int number, int id) {
            return more.test(id);
          }

          @Override
          public void done(int number, Result done) {
            result[0] = done;
          }
        });
    return result[0];
  }

  /** Generates after all prompts side by side; the results are in their order. */
  public List<Result> generate(List<Prompt> prompts) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    Result[] results = new Result[prompts.size()];
    generate(prompts.iterator(), prompts.size(), (number, result) -> results[number] = result);
    return Arrays.asList(results);
  }

  /**
   * Generates after prompts, {@code batch} of them side by side; where one ends, the next takes its
   * place.
   *
   * @param prompts is asked for the next when there is room for it
   * @param batch most sequences at a time, at least 1
   */
  public void generate(Iterator<Prompt> prompts, int batch, Listener listener) {
    if (batch < 1) {
      throw new InputException("batch: " + batch + " is not a positive number of prompts");
    }
    List<Continued> running = new ArrayList<>();
    try (DecodeSession session = model.newSession()) {
      int begun = 0;
      while (true) {
        begun += admit(prompts, batch, begun, session, running);
        running.removeIf(each -> each.endsAtNextToken(listener));
        if (!running.isEmpty()) {
          step(session, running);
        } else if (!prompts.hasNext()) {
          return;
        }
      }
    } finally {
      running.forEach(Continued::close);
    }
  }

  /** Begins as many prompts as there is room for, all in one pass; how many. */
  private int admit(
      Iterator<Prompt> prompts,
      int batch,
      int begun,
      DecodeSession session,
      List<Continued> running) {
    List<int[]> ids = new ArrayList<>();
    List<KeyValueCache> caches = new ArrayList<>();
    int first = running.size();
    while (running.size() < batch && prompts.hasNext()) {
      Prompt prompt = prompts.next();
      int context = model.spec().maxPositions();
      checkPrompt(prompt.ids(), context);
      int most = Math.min(prompt.limit(), context - prompt.ids().length);
      KeyValueCache cache = session.newCache(prompt.ids().length + most);
      running.add(new Continued(begun + ids.size(), prompt, most, cache, stopIds));
      ids.add(prompt.ids());
      caches.add(cache);
    }
    List<float[]> logits = session.begin(ids, caches);
    for (int i = 0; i < logits.size(); i++) {
      running.get(first + i).take(logits.get(i));
    }
    return ids.size();
  }

  private static void step(DecodeSession session, List<Continued> running) {
    int[] ids = running.stream().mapToInt(Continued::last).toArray();
    List<float[]> logits = session.next(ids, running.stream().map(Continued::cache).toList());
    for (int i = 0; i < ids.length; i++) {
      running.get(i).take(logits.get(i));
    }
  }
}
