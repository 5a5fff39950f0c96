package dev.graft.data.documents;

import dev.graft.data.Example;
import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fills sequences of equal length with documents, one behind the other, each a segment of its own.
 * A document that does not fit goes on in the next sequence, whose segment begins with the last
 * token before: so every token of a document but its first is learnt once.
 */
final class Packer {
  private final int[] ids;
  private final boolean[] learnt;
  private final List<Integer> starts = new ArrayList<>();
  private final List<Example> done = new ArrayList<>();
  private int filled;

  Packer(int length) {
    ids = new int[length];
    learnt = new boolean[length];
  }

  /** Adds a document; one of a single token teaches nothing and is passed over. */
  void add(int[] document) {
    for (int from = 0; from + 1 < document.length; ) {
      if (ids.length - filled < 2) {
        flush();
      }
      int count = Math.min(ids.length - filled, document.length - from);
      starts.add(filled);
      System.arraycopy(document, from, ids, filled, count);
      Arrays.fill(learnt, filled + 1, filled + count, true);
      learnt[filled] = false;
      filled += count;
      from += count - 1;
    }
  }

  /** The sequences; the last may be shorter than the others. */
  List<Example> finish() {
    if (filled > 0) {
      flush();
    }
    return done;
  }

  private void flush() {
    int[] bounds = new int[starts.size() + 1];
    for (int i = 0; i < starts.size(); i++) {
      bounds[i] = starts.get(i);
    }
    bounds[starts.size()] = filled;
    PackedTokens tokens =
        new PackedTokens(Arrays.copyOf(ids, filled), bounds, Arrays.copyOf(learnt, filled));
    done.add(new Example(done.size() + 1L, tokens, false));
    starts.clear();
    filled = 0;
  }
}
