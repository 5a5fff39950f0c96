package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.duplicates.NearDuplicates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows that must stay together: of one group, or nearly the same. Rows are numbered from zero. */
final class Units {
  /** Near-duplicates share this much of their runs of words, as in {@code data check}. */
  private static final double SIMILARITY = 0.8;

  private static final int MOST_STRATA = 1000;

  private final List<Integer> parents = new ArrayList<>();
  private final List<Integer> strata = new ArrayList<>();
  private final List<Long> hashes = new ArrayList<>();
  private final Map<String, Integer> groups = new HashMap<>();
  private final Map<String, Integer> stratumNumbers = new LinkedHashMap<>();
  private final NearDuplicates near = new NearDuplicates(SIMILARITY);

  /**
   * What is known of a row.
   *
   * @param text compared with that of other rows; empty not to compare
   * @param group that it belongs to; empty for none
   * @param hash of its content: what the order of drawing depends on
   */
  record Facts(Optional<String> text, Optional<String> group, String stratum, long hash) {}

  /**
   * Adds the next row.
   *
   * @throws InputException where there are too many strata
   */
  void add(Path file, Facts facts) {
    int row = parents.size();
    parents.add(row);
    hashes.add(facts.hash);
    strata.add(stratumNumbers.computeIfAbsent(facts.stratum, name -> stratumNumbers.size()));
    if (stratumNumbers.size() > MOST_STRATA) {
      throw InputException.in(
          file,
          "has more than " + MOST_STRATA + " strata; stratify by a key that has fewer values");
    }
    if (facts.group.isPresent()) {
      Integer first = groups.putIfAbsent(facts.group.get(), row);
      if (first != null) {
        join(row, first);
      }
    }
    facts.text.ifPresent(near::add);
  }

  /** Brings rows that are nearly the same together, after the last one was added. */
  void joinAlike() {
    for (int row = 0; row < near.size(); row++) {
      join(row, near.cluster(row));
    }
  }

  private int root(int row) {
    int root = row;
    while (parents.get(root) != root) {
      parents.set(root, parents.get(parents.get(root)));
      root = parents.get(root);
    }
    return root;
  }

  private void join(int a, int b) {
    int x = root(a);
    int y = root(b);
    parents.set(Math.max(x, y), Math.min(x, y));
  }

  int rows() {
    return parents.size();
  }

  /** Rows that are like an earlier one. */
  int alike() {
    int alike = 0;
    for (int row = 0; row < near.size(); row++) {
      alike += near.cluster(row) == row ? 0 : 1;
    }
    return alike;
  }

  int groups() {
    return groups.size();
  }

  List<String> strata() {
    return List.copyOf(stratumNumbers.keySet());
  }

  int stratum(int row) {
    return strata.get(row);
  }

  long hash(int row) {
    return hashes.get(row);
  }

  /** The rows of each unit, in order. */
  Collection<List<Integer>> all() {
    Map<Integer, List<Integer>> units = new LinkedHashMap<>();
    for (int row = 0; row < rows(); row++) {
      units.computeIfAbsent(root(row), root -> new ArrayList<>(1)).add(row);
    }
    return units.values();
  }

  /** Rows of the largest unit. */
  int largest() {
    return all().stream().mapToInt(List::size).max().orElse(0);
  }
}
