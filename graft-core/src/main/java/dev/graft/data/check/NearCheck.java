package dev.graft.data.check;

import dev.graft.data.duplicates.NearDuplicates;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

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

  /** With fewer, what they have in common may be chance. */
  private static final int FEWEST = 4;

  private final NearDuplicates held = new NearDuplicates(SIMILARITY);
  private final List<Place> places = new ArrayList<>();
  private final List<Long> hashes = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();
  private final BitSet found = new BitSet();
  private final Tally tally = new Tally(CheckCode.VALID_NEAR_TRAIN);
  private boolean measured;
  private String prefix = "";
  private String suffix = "";

  @Override
  public Runnable examine(CheckedRow row) {
    String text = RowTexts.spoken(row.row()).strip();
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
      held.add(own(text));
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
    if (waiting.size() >= FEWEST) {
      prefix = waiting.stream().reduce(NearCheck::commonStart).orElse("");
      suffix =
          waiting.stream()
              .map(text -> reversed(text.substring(Math.min(prefix.length(), text.length()))))
              .reduce(NearCheck::commonStart)
              .map(NearCheck::reversed)
              .orElse("");
    }
    waiting.forEach(text -> held.add(own(text)));
    waiting.clear();
  }

  private static String commonStart(String a, String b) {
    int end = 0;
    while (end < Math.min(a.length(), b.length()) && a.charAt(end) == b.charAt(end)) {
      end++;
    }
    return a.substring(0, end);
  }

  private static String reversed(String text) {
    char[] units = new char[text.length()];
    for (int i = 0; i < units.length; i++) {
      units[i] = text.charAt(units.length - 1 - i);
    }
    return new String(units);
  }

  private String own(String text) {
    String rest = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    return rest.endsWith(suffix) ? rest.substring(0, rest.length() - suffix.length()) : rest;
  }

  private void compare(Place place, String text) {
    if (held.size() == 0) {
      return;
    }
    NearDuplicates.Match match = held.find(own(text));
    int other = match.other();
    boolean isSame = other >= 0 && hashes.get(other) == Hashes.of(text);
    if (match.kind() == NearDuplicates.Kind.NEW || isSame || found.get(other)) {
      return;
    }
    found.set(other);
    Place near = places.get(other);
    tally.add(
        near,
        "line "
            + near.line()
            + " is nearly line "
            + place.line()
            + " of the training file: "
            + Shown.quoted(own(text)));
  }

  @Override
  public List<Finding> findings() {
    return tally.findings();
  }
}
