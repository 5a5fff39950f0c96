package dev.graft.model;

import dev.graft.engine.Scope;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Continues sequences of tokens side by side: each linear layer is one product over the newest
 * tokens of all of them, so that weights are read once for all, and each sequence attends to its
 * own {@link KeyValueCache}. Sequences may come and go between steps. For one thread.
 */
public abstract sealed class DecodeSession implements AutoCloseable
    permits PlainDecodeSession, KernelDecodeSession {
  /** Prompts are packed up to about this many tokens; the activations of one layer are kept. */
  private static final int PACK = 4096;

  final Decoder model;

  DecodeSession(Decoder model) {
    this.model = model;
  }

  /** A session over the model as it is now; weights and adapter must not be exchanged during it. */
  static DecodeSession open(Decoder model) {
    return KernelDecodeSession.serves(model)
        ? new KernelDecodeSession(model)
        : new PlainDecodeSession(model);
  }

  /** An empty cache for up to {@code capacity} tokens; only for this session. */
  public abstract KeyValueCache newCache(int capacity);

  /**
   * Runs prompts; the packed pass is the one that training has. What they all begin with goes
   * through the layers once a pack.
   *
   * @param caches an empty one for each prompt
   * @return for each prompt the logits (V) of its last token
   */
  public final List<float[]> begin(List<int[]> prompts, List<KeyValueCache> caches) {
    if (prompts.size() != caches.size()) {
      throw new IllegalArgumentException(prompts.size() + " prompts, " + caches.size() + " caches");
    }
    for (int i = 0; i < prompts.size(); i++) {
      if (caches.get(i).length() > 0 || prompts.get(i).length > caches.get(i).capacity()) {
        throw new IllegalArgumentException("prompt " + i + " does not fit its cache");
      }
    }
    SharedPrefix prefix = new SharedPrefix();
    prompts.forEach(prompt -> prefix.add(prompt, new boolean[prompt.length]));
    int common = prefix.length();
    int shared = SharedPrefix.shared(common, prompts.size());
    List<float[]> logits = new ArrayList<>();
    int from = 0;
    while (from < prompts.size()) {
      int to = from + 1;
      int tokens = prompts.get(from).length;
      while (to < prompts.size() && tokens + prompts.get(to).length - shared <= PACK) {
        tokens += prompts.get(to++).length - shared;
      }
      logits.addAll(beginPacked(prompts.subList(from, to), common, caches.subList(from, to)));
      from = to;
    }
    return logits;
  }

  private List<float[]> beginPacked(List<int[]> prompts, int common, List<KeyValueCache> caches) {
    Segments segments = SharedPrefix.segments(starts(prompts), common, false);
    int[] ids = new int[segments.tokens()];
    for (int s = 0; s < segments.count(); s++) {
      int[] prompt = prompts.get(s);
      System.arraycopy(prompt, segments.before(s), ids, segments.start(s), segments.length(s));
    }
    HeadLayout layout = new HeadLayout(model.spec());
    try (Scope scope = Scope.open()) {
      Tensor hidden =
          model.lastHidden(
              ids,
              segments,
              (layer, heads) -> {
                for (int s = 0; s < caches.size(); s++) {
                  try (Scope inner = Scope.open()) {
                    Tensor k = layout.ofSegment(heads.k(), segments, s);
                    store(caches.get(s), layer, k, layout.ofSegment(heads.v(), segments, s));
                  }
                }
              });
      for (int s = 0; s < caches.size(); s++) {
        caches.get(s).advance(prompts.get(s).length);
      }
      return logits(hidden);
    }
  }

  private static int[] starts(List<int[]> prompts) {
    int[] starts = new int[prompts.size() + 1];
    for (int s = 0; s < prompts.size(); s++) {
      starts[s + 1] = starts[s] + prompts.get(s).length;
    }
    return starts;
  }

  /** For each prompt the logits (V), of the prompts' last hidden states (B, d). */
  abstract List<float[]> logits(Tensor hidden);

  /** Stores new tokens' keys and values (K, T, D) of a layer at the end of a cache. */
  abstract void store(KeyValueCache cache, int layer, Tensor keys, Tensor values);

  /**
   * Runs one token of each sequence.
   *
   * @return for each the logits (V); they may be overwritten by the next call
   */
  public final List<float[]> next(int[] ids, List<KeyValueCache> caches) {
    if (ids.length != caches.size() || ids.length == 0) {
      throw new IllegalArgumentException(ids.length + " tokens, " + caches.size() + " caches");
    }
    for (int i = 0; i < ids.length; i++) {
      model.checkId(ids[i]);
      if (caches.get(i).length() == caches.get(i).capacity()) {
        throw new IllegalArgumentException("the cache of sequence " + i + " is full");
      }
    }
    List<float[]> logits = step(ids, caches);
    caches.forEach(cache -> cache.advance(1));
    return logits;
  }

  abstract List<float[]> step(int[] ids, List<KeyValueCache> caches);

  /** Takes over a layer's rotated keys and values. */
  @FunctionalInterface
  interface HeadsSink {
    void accept(int layer, Attention.Heads heads);
  }

  @Override
  public void close() {}
}
