package dev.graft.compare;

import dev.graft.InputException;
import dev.graft.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way to make a model do a task.
 *
 * @param kind of way
 * @param size examples in the prompt, or rank of the adapter; else 0
 */
public record Strategy(Kind kind, int size) {
  /** The ways there are. */
  public enum Kind {
    /** The task's prompt alone. */
    ZERO_SHOT,
    /** Some solved examples before the prompt. */
    FEW_SHOT,
    /** Random weights, trained on the task's examples alone. */
    SCRATCH,
    /** All weights of the model, trained on. */
    FULL,
    /** A low-rank adapter beside frozen weights. */
    LORA
  }

  /** What is compared where nothing else is asked for. */
  public static final String DEFAULT = "zero-shot,few-shot-3,scratch,full,lora-r16";

  private static final Pattern SIZED = Pattern.compile("(few-shot-|lora-r)([1-9][0-9]{0,4})");
  private static final List<String> NAMES =
      List.of("zero-shot", "few-shot-3", "scratch", "full", "lora-r16");
  private static final int MOST_SHOTS = 1000;

  /**
   * Reads {@code zero-shot}, {@code few-shot-3}, {@code scratch}, {@code full} or {@code lora-r16}.
   *
   * @param flag that gives it, for errors
   */
  public static Strategy parse(String flag, String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    for (Kind kind : List.of(Kind.ZERO_SHOT, Kind.SCRATCH, Kind.FULL)) {
      Strategy strategy = new Strategy(kind, 0);
      if (strategy.id().equals(word)) {
        return strategy;
      }
    }
    Matcher sized = SIZED.matcher(word);
    if (sized.matches()) {
      int size = Integer.parseInt(sized.group(2));
      Kind kind = sized.group(1).startsWith("few") ? Kind.FEW_SHOT : Kind.LORA;
      if (kind == Kind.LORA ? size <= 65_536 : size <= MOST_SHOTS) {
        return new Strategy(kind, size);
      }
    }
    throw new InputException(
        flag
            + ": there is no strategy '"
            + text.strip()
            + "'"
            + Nearest.hint(word, NAMES)
            + (Nearest.to(word, NAMES).isPresent()
                ? ""
                : "; there are zero-shot, few-shot-K, scratch, full and lora-rN"));
  }

  /** Reads a list divided by commas, without doubles. */
  public static List<Strategy> parseAll(String flag, String text) {
    List<Strategy> all = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      Strategy strategy = parse(flag, word);
      if (all.contains(strategy)) {
        throw new InputException(flag + ": " + strategy.id() + " is there twice");
      }
      all.add(strategy);
    }
    return all;
  }

  /** As it is written on the command line. */
  public String id() {
    return switch (kind) {
      case ZERO_SHOT -> "zero-shot";
      case FEW_SHOT -> "few-shot-" + size;
      case SCRATCH -> "scratch";
      case FULL -> "full";
      case LORA -> "lora-r" + size;
    };
  }

  /** For people. */
  public String label() {
    return switch (kind) {
      case ZERO_SHOT -> "prompting, no examples";
      case FEW_SHOT -> "prompting, " + size + (size == 1 ? " example" : " examples");
      case SCRATCH -> "from scratch";
      case FULL -> "full fine-tuning";
      case LORA -> "LoRA, rank " + size;
    };
  }

  /** What is trained, in a few words. */
  public String detail() {
    return switch (kind) {
      case ZERO_SHOT -> "nothing is trained";
      case FEW_SHOT -> "nothing is trained; the examples are earlier turns of the conversation";
      case SCRATCH -> "all weights, beginning at random ones";
      case FULL -> "all weights, beginning at the model's";
      case LORA -> "q, k, v, o, gate, up, down of every layer";
    };
  }

  /** Whether it changes weights. */
  public boolean trains() {
    return kind == Kind.SCRATCH || tunes();
  }

  /** Whether it goes on with the model's weights. */
  public boolean tunes() {
    return kind == Kind.FULL || kind == Kind.LORA;
  }

  @Override
  public String toString() {
    return id();
  }
}
