package dev.graft.data.arrange;

import dev.graft.data.duplicates.NearDuplicates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows that must stay together: of one group, or nearly the same. Rows are numbered from zero. */
final class Units {
  private final List<Integer> parents = new ArrayList<>();
  private final List<Integer> strata = new ArrayList<>();
  private final List<Long> hashes = new ArrayList<>();
  private final Map<String, Integer> groups = new HashMap<>();
  private final Map<String, Integer> stratumNumbers = new HashMap<>();
  private final List<String> stratumNames = new ArrayList<>();
  private final NearDuplicates near = new NearDuplicates(0.8);
  private int alike;

  /**
   * Adds the next row.
   *
   * @param text compared with that of other rows; empty not to compare
   * @param group that it belongs to; empty for none
   * @param hash of its content: what the order of drawing depends on
   */
  void add(String text, String group, String stratum, long hash) {
    int row = parents.size();
    parents.add(row);
    hashes.add(hash);
    strata.add(
        stratumNumbers.computeIfAbsent(
            stratum,
            name -> {
              stratumNames.add(name);
              return stratumNames.size() - 1;
            }));
    NearDuplicates.Match match = near.add(text);
    if (!text.isEmpty() && match.kind() != NearDuplicates.Kind.NEW) {
      alike++;
      join(row, near.cluster(row));
    }
    if (!group.isEmpty()) {
      Integer first = groups.putIfAbsent(group, row);
      if (first != null) {
        join(row, first);
      }
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
    return alike;
  }

  int groups() {
    return groups.size();
  }

  List<String> strata() {
    return List.copyOf(stratumNames);
  }

  int stratum(int row) {
    return strata.get(row);
  }

  long hash(int row) {
    return hashes.get(row);
  }

  /** The rows of each unit, in order. */
  List<List<Integer>> all() {
    Map<Integer, List<Integer>> byRoot = new HashMap<>();
    List<List<Integer>> units = new ArrayList<>();
    for (int row = 0; row < rows(); row++) {
      byRoot
          .computeIfAbsent(
              root(row),
              root -> {
                List<Integer> unit = new ArrayList<>();
                units.add(unit);
                return unit;
              })
          .add(row);
    }
    return units;
  }
}
