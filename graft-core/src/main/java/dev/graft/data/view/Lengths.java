package dev.graft.data.view;

import java.util.Arrays;

/** How many rows have which length, in memory that grows with the longest and not with the rows. */
public final class Lengths {
  private long[] counts = new long[256];
  private long rows;
  private long total;
  private int shortest = Integer.MAX_VALUE;
  private int longest;

  Lengths() {}

  void add(int length) {
    if (length >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(length + 1, 2 * counts.length));
    }
    counts[length]++;
    rows++;
    total += length;
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
  }

  public long rows() {
    return rows;
  }

  public long total() {
    return total;
  }

  public int shortest() {
    return rows == 0 ? 0 : shortest;
  }

  public int longest() {
    return longest;
  }

  public double mean() {
    return rows == 0 ? 0 : (double) total / rows;
  }

  /** The least length that at least this share of the rows does not exceed; 0 without rows. */
  public int quantile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * rows));
    long seen = 0;
    for (int length = shortest(); length <= longest; length++) {
      seen += counts[length];
      if (seen >= wanted) {
        return length;
      }
    }
    return 0;
  }

  /** Rows with a length from {@code from} to {@code to}, both included. */
  public long between(int from, int to) {
    long sum = 0;
    for (int length = Math.max(0, from); length <= Math.min(to, longest); length++) {
      sum += counts[length];
    }
    return sum;
  }
}
