package dev.graft.data.check;

import dev.graft.data.RowText;
import dev.graft.data.duplicates.CommonEdges;
import dev.graft.data.duplicates.NearDuplicates;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * Held-out rows that are nearly training rows. The held-out rows come first and leave signatures,
 * not texts; so memory grows with them alone.
 *
 * <p>What nearly all held-out rows begin or end with, such as an instruction, says nothing of how
 * alike two rows are and is left out, as system messages are.
 */
final class NearCheck implements Check {
  /** Least share of runs of words in common (Jaccard), as usual for removing near-duplicates. */
  private static final double SIMILARITY = 0.8;

  /** Rows from which the common beginning and end are taken. */
  private static final int SAMPLE = 256;

  private final Function<Place, String> line;
  private final NearDuplicates held = new NearDuplicates(SIMILARITY);
  private final List<Place> places = new ArrayList<>();
  private final List<Long> hashes = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();
  private final CommonEdges edges = new CommonEdges();
  private final BitSet found = new BitSet();
  private final Tally tally = new Tally(CheckCode.VALID_NEAR_TRAIN);
  private boolean measured;

  /**
   * Nothing seen yet.
   *
   * @param line names a row in a sentence
   */
  NearCheck(Function<Place, String> line) {
    this.line = line;
  }

  @Override
  public Runnable examine(CheckedRow row) {
    String text = RowText.spoken(row.row()).strip();
    return () -> accept(row.place(), text);
  }

  private void accept(Place place, String text) {
    if (place.file() == DataFile.DATA) {
      measure();
      compare(place, text);
      return;
    }
    places.add(place);
    hashes.add(Hashes.of(text));
    if (measured) {
      held.add(edges.without(text));
    } else {
      waiting.add(text);
      if (waiting.size() == SAMPLE) {
        measure();
      }
    }
  }

  /** Settles what the rows have in common, and adds those that waited for it. */
  private void measure() {
    if (measured) {
      return;
    }
    measured = true;
    waiting.forEach(edges::add);
    waiting.forEach(text -> held.add(edges.without(text)));
    waiting.clear();
  }

  private void compare(Place place, String text) {
    if (held.size() == 0) {
      return;
    }
    NearDuplicates.Match match = held.find(edges.without(text));
    int other = match.other();
    boolean isSame = other >= 0 && hashes.get(other) == Hashes.of(text);
    if (match.kind() == NearDuplicates.Kind.NEW || isSame || found.get(other)) {
      return;
    }
    found.set(other);
    Place near = places.get(other);
    tally.add(
        near,
        line.apply(near)
            + " is nearly "
            + line.apply(place)
            + " of the training data: "
            + Shown.quoted(edges.without(text)));
  }

  @Override
  public List<Finding> findings() {
    return tally.findings();
  }
}
