package dev.graft.data.check;

import java.util.List;

/**
 * One thing that is wrong, with all rows it is wrong with.
 *
 * @param severity after what the user allowed
 * @param rows how many rows; 0 for what is not about rows
 * @param places the first of them, in order, at most {@link #MOST_PLACES}
 * @param what what is wrong, to follow "rows that" where there are any
 * @param example what was seen in one of them; empty for none
 */
public record Finding(
    CheckCode code, Severity severity, long rows, List<Place> places, String what, String example) {
  /** Most places that are kept of one finding. */
  public static final int MOST_PLACES = 10_000;

  public Finding {
    places = List.copyOf(places);
  }

  /** The same with another severity. */
  Finding as(Severity other) {
    return new Finding(code, other, rows, places, what, example);
  }
}
