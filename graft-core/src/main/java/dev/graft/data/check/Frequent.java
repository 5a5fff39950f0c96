package dev.graft.data.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts that are frequent in a stream, in bounded memory: lossy counting (Manku and Motwani, 2002).
 * A text that makes up more than 1/{@link #WIDTH} of the stream is never lost, and its count is too
 * low by that share of the stream at most.
 */
final class Frequent {
  private static final int WIDTH = 10_000;
  private static final int MOST_PLACES = 50;

  /** One text and where it was seen first. */
  static final class Entry {
    private final String sample;
    private final long missed;
    private final List<Place> places = new ArrayList<>();
    private long count;

    Entry(String sample, long missed) {
      this.sample = sample;
      this.missed = missed;
    }

    String sample() {
      return sample;
    }

    long count() {
      return count;
    }

    List<Place> places() {
      return places;
    }
  }

  private final Map<Long, Entry> entries = new HashMap<>();
  private long seen;

  void add(Place place, String text) {
    Entry entry = entries.computeIfAbsent(Hashes.of(text), key -> new Entry(text, seen / WIDTH));
    entry.count++;
    if (entry.places.size() < MOST_PLACES) {
      entry.places.add(place);
    }
    if (++seen % WIDTH == 0) {
      entries.values().removeIf(some -> some.count + some.missed <= seen / WIDTH);
    }
  }

  /** Entries counted at least so often, the most frequent first. */
  List<Entry> atLeast(double count) {
    return entries.values().stream()
        .filter(entry -> entry.count >= count)
        .sorted((a, b) -> Long.compare(b.count, a.count))
        .toList();
  }
}
