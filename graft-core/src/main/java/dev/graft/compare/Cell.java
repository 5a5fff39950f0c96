package dev.graft.compare;

/**
 * One thing to do: a strategy on one draw of the data.
 *
 * @param size training rows that it is trained on; 0 for none
 * @param seed of the draw; 0 where nothing is drawn
 */
public record Cell(Strategy strategy, int size, long seed) {
  /** For progress and messages. */
  public String label() {
    return strategy.id()
        + (size > 0 ? ", " + size + (size == 1 ? " row" : " rows") : "")
        + (seed > 0 ? ", seed " + seed : "");
  }
}
