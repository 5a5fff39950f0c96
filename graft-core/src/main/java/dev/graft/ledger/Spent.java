package dev.graft.ledger;

/**
 * What a run spent, over all its sittings.
 *
 * @param sittings processes that worked on it, one after the other
 * @param data what it learnt from
 * @param flops of all matrix products, in floating-point operations
 * @param seconds it took, from reading the model's files on
 * @param peakBytes most memory that one of its processes held; 0 where it is not known
 * @param energy in joules
 * @param lost what was done and then lost by a kill; in none of the others
 */
public record Spent(
    int sittings, Data data, Share flops, Time seconds, long peakBytes, Energy energy, Lost lost) {
  /** Nothing yet. */
  public static final Spent NOTHING =
      new Spent(0, Data.NONE, Share.NONE, Time.NONE, 0, Energy.NONE, Lost.NONE);

  /**
   * What a run learnt from.
   *
   * @param steps of the optimizer
   * @param examples an example counts each time it is used
   * @param tokens that went through the model in training
   * @param learntTokens those of them that the loss is about
   */
  public record Data(long steps, long examples, long tokens, long learntTokens) {
    static final Data NONE = new Data(0, 0, 0, 0);

    Data plus(Data other) {
      return new Data(
          steps + other.steps,
          examples + other.examples,
          tokens + other.tokens,
          learntTokens + other.learntTokens);
    }
  }

  /**
   * A whole, and what of it went into evaluations during training.
   *
   * @param total evaluations included
   */
  public record Share(double total, double evaluation) {
    static final Share NONE = new Share(0, 0);

    Share plus(Share other) {
      return new Share(total + other.total, evaluation + other.evaluation);
    }
  }

  /**
   * Seconds.
   *
   * @param total by the clock; on a machine with other work, or where the process was stopped
   *     meanwhile, more than it needed
   * @param evaluation what of the total went into evaluations
   * @param processor that the process had processors, added up over its threads
   */
  public record Time(double total, double evaluation, double processor) {
    static final Time NONE = new Time(0, 0, 0);

    Time plus(Time other) {
      return new Time(
          total + other.total, evaluation + other.evaluation, processor + other.processor);
    }
  }

  /**
   * Steps that were made after the last checkpoint before a kill, and made again.
   *
   * @param seconds spent in these steps; evaluations and starts are not known
   */
  public record Lost(long steps, long tokens, double flops, double seconds) {
    /** Nothing. */
    public static final Lost NONE = new Lost(0, 0, 0, 0);

    Lost plus(Lost other) {
      return new Lost(
          steps + other.steps, tokens + other.tokens, flops + other.flops, seconds + other.seconds);
    }
  }

  /** Both together; the peak is the higher one. */
  Spent plus(Spent other) {
    return new Spent(
        sittings + other.sittings,
        data.plus(other.data),
        flops.plus(other.flops),
        seconds.plus(other.seconds),
        Math.max(peakBytes, other.peakBytes),
        energy.plus(other.energy),
        lost.plus(other.lost));
  }
}
