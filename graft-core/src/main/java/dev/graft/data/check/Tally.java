package dev.graft.data.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of one finding: how many, the first of them, and an example. */
final class Tally {
  private final CheckCode code;
  private final List<Place> places = new ArrayList<>();
  private long rows;
  private @Nullable String example;

  Tally(CheckCode code) {
    this.code = code;
  }

  /** Counts a row, which must not have been counted before. */
  void add(Place place, String seen) {
    count(place);
    if (example == null && !seen.isEmpty()) {
      example = seen;
    }
  }

  /** Counts a row whose text is the example if it is the first. */
  void addQuoted(Place place, String text) {
    count(place);
    if (example == null) {
      example = Shown.quoted(text);
    }
  }

  private void count(Place place) {
    rows++;
    if (places.size() < Finding.MOST_PLACES) {
      places.add(place);
    }
  }

  long rows() {
    return rows;
  }

  /** The finding; empty where no row was counted. */
  List<Finding> findings() {
    return rows == 0 ? List.of() : List.of(finding(code.what()));
  }

  Finding finding(String what) {
    List<Place> sorted = new ArrayList<>(places);
    Collections.sort(sorted);
    return new Finding(code, code.severity(), rows, sorted, what, example == null ? "" : example);
  }
}
