package dev.graft.generate;

import dev.graft.model.KeyValueCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A prompt that is being continued. */
final class Continued implements AutoCloseable {
  private final int number;
  private final int most;
  private final KeyValueCache cache;
  private final Set<Integer> stopIds;
  private final Sampler sampler;
  private final List<Integer> ids = new ArrayList<>();
  private float[] logits = new float[0];

  /**
   * Nothing is generated yet.
   *
   * @param number of the prompt
   * @param most new tokens that limit and context leave
   */
  Continued(
      int number, Generator.Prompt prompt, int most, KeyValueCache cache, Set<Integer> stopIds) {
    this.number = number;
    this.most = most;
    this.cache = cache;
    this.stopIds = stopIds;
    this.sampler = new Sampler(prompt.sampling());
    for (int id : prompt.ids()) {
      sampler.see(id);
    }
  }

  KeyValueCache cache() {
    return cache;
  }

  /** The newest id. */
  int last() {
    return ids.getLast();
  }

  /** Logits of the next token. */
  void take(float[] next) {
    logits = next;
  }

  /** Chooses the next token; whether that is the end, of which the listener is told. */
  boolean endsAtNextToken(Generator.Listener listener) {
    int id = sampler.choose(logits);
    if (stopIds.contains(id)) {
      return end(Generator.Reason.END_OF_TURN, listener);
    }
    ids.add(id);
    sampler.see(id);
    if (!listener.token(number, id)) {
      return end(Generator.Reason.STOPPED, listener);
    }
    return ids.size() == most && end(Generator.Reason.LENGTH, listener);
  }

  private boolean end(Generator.Reason reason, Generator.Listener listener) {
    close();
    listener.done(number, new Generator.Result(List.copyOf(ids), reason));
    return true;
  }

  @Override
  public void close() {
    cache.close();
  }
}
