package dev.graft.data.check;

import dev.graft.text.Tokenizer;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What checks need to know of the model.
 *
 * @param stopIds ids that end a turn or a text
 * @param pad the id that fills batches up; empty where the model names none
 */
public record ModelFacts(Tokenizer tokenizer, Set<Integer> stopIds, OptionalInt pad) {
  public ModelFacts {
    stopIds = Set.copyOf(stopIds);
  }
}
