package dev.graft.model;

import dev.graft.engine.Segments;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that all examples of a pass begin with, such as a system prompt and an instruction.
 * What causal attention makes of them does not depend on what follows, so they go through the
 * layers once: the first example keeps them, and the others' queries see its keys and values. The
 * gradients are the same, up to rounding; each shared token gets the sum over all examples.
 *
 * <p>Tokens from the one before the first learnt token on are not shared, so that every loss has a
 * row of its own. Dropout of adapters has one mask for a shared token, the same for all examples.
 */
public final class SharedPrefix {
  /** Fewer are not worth their copies. */
  private static final int LEAST = 8;

  private int @Nullable [] first;
  private int length = Integer.MAX_VALUE;

  /** Of no examples yet. */
  public SharedPrefix() {}

  /** Looks at a further example: its tokens and whether they are learnt. */
  public void add(int[] ids, boolean[] learnt) {
    add(ids, learnt, 0, ids.length);
  }

  private void add(int[] ids, boolean[] learnt, int from, int to) {
    int free = 0;
    while (from + free < to && !learnt[from + free]) {
      free++;
    }
    length = Math.min(length, free - 1);
    if (first == null) {
      first = Arrays.copyOfRange(ids, from, from + Math.max(0, length));
      return;
    }
    int same = 0;
    while (same < length && ids[from + same] == first[same]) {
      same++;
    }
    length = same;
  }

  /** How many tokens all examples so far begin with, before anything is learnt; 0 where none. */
  public int length() {
    return first == null ? 0 : Math.max(0, length);
  }

  /**
   * How many are shared by so many examples.
   *
   * @param common tokens that they all begin with, before anything is learnt
   */
  public static int shared(int common, int examples) {
    return examples > 1 && common >= LEAST ? common : 0;
  }

  /** Of the segments of a pass. */
  public static int of(PackedTokens pass) {
    SharedPrefix prefix = new SharedPrefix();
    for (int s = 0; s < pass.segments(); s++) {
      prefix.add(pass.ids(), pass.learnt(), pass.starts()[s], pass.starts()[s + 1]);
    }
    return prefix.length();
  }

  /**
   * The segments of a pass as they go through the layers.
   *
   * @param starts of the examples, and the number of all tokens
   * @param common tokens that they all begin with, before anything is learnt
   */
  public static Segments segments(int[] starts, int common, boolean fills) {
    int shared = shared(common, starts.length - 1);
    int[] own = starts.clone();
    for (int s = 2; s < starts.length; s++) {
      own[s] -= shared * (s - 1);
    }
    int last = own.length - 1;
    own[last] = fills ? PassLength.padded(own[last]) : own[last];
    return new Segments(own, shared);
  }
}
