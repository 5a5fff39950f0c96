package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The trainable weights: float32 masters and their gradients, each kind in one flat tensor.
 *
 * <p>One flat tensor each makes the optimizer, the gradient norm and a checkpoint a handful of
 * operations on long vectors, whatever the number of weights. What a weight decay must spare
 * (norms, biases) lies behind {@link #decayed}.
 */
public final class Parameters implements AutoCloseable {
  /**
   * One trainable weight.
   *
   * @param name as in the model's files, or as PEFT names an adapter's
   * @param offset of its first element in the flat tensors
   */
  public record Entry(String name, long offset, long[] shape) {
    /** Number of elements. */
    public long elements() {
      return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
  }

  private final Scope scope = Scope.holder();
  private final List<Entry> entries;
  private final Map<String, Entry> byName = new HashMap<>();
  private final long decayed;
  private final Tensor values;
  private final GradientBuffer gradients;
  private final List<GradientBuffer> more = new ArrayList<>();

  private Parameters(List<Entry> entries, long decayed, Device device) {
    this.entries = List.copyOf(entries);
    this.decayed = decayed;
    long total = 0;
    for (Entry entry : entries) {
      byName.put(entry.name(), entry);
      total += entry.elements();
    }
    try (Scope s = Scope.open()) {
      this.values = scope.hold(Tensor.zeros(DType.F32, device, total));
    }
    this.gradients = new GradientBuffer(this);
  }

  /** Collects what is to be trained, in order: weights that are fused must follow one another. */
  static final class Builder {
    private final List<Entry> matrices = new ArrayList<>();
    private final List<Entry> vectors = new ArrayList<>();

    /** Adds a weight that weight decay applies to. */
    Builder matrix(String name, long... shape) {
      matrices.add(new Entry(name, 0, shape));
      return this;
    }

    /** Adds a norm's or a bias' weight, which weight decay spares. */
    Builder vector(String name, long size) {
      vectors.add(new Entry(name, 0, new long[] {size}));
      return this;
    }

    Parameters build(Device device) {
      List<Entry> placed = new ArrayList<>();
      long offset = 0;
      for (Entry entry : matrices) {
        placed.add(new Entry(entry.name(), offset, entry.shape()));
        offset += entry.elements();
      }
      long decayed = offset;
      for (Entry entry : vectors) {
        placed.add(new Entry(entry.name(), offset, entry.shape()));
        offset += entry.elements();
      }
      return new Parameters(placed, decayed, device);
    }
  }

  public List<Entry> entries() {
    return entries;
  }

  /** Number of trainable elements. */
  public long count() {
    return values.elements();
  }

  /** Elements before this index are subject to weight decay, the others are not. */
  public long decayed() {
    return decayed;
  }

  /** All masters, flat, float32. */
  public Tensor values() {
    return values;
  }

  /** All gradients, flat, float32. */
  public Tensor gradients() {
    return gradients.flat();
  }

  /** Where passes add their gradients unless they are told otherwise. */
  public GradientBuffer buffer() {
    return gradients;
  }

  /** Another place of the same layout, for a pass that runs beside others. */
  public GradientBuffer newBuffer() {
    GradientBuffer buffer = new GradientBuffer(this);
    more.add(buffer);
    return buffer;
  }

  /** View of one master, in the innermost open scope. */
  public Tensor value(String name) {
    Entry entry = entry(name);
    return values.narrow(0, entry.offset(), entry.elements()).view(entry.shape());
  }

  /** View of one gradient, in the innermost open scope. */
  public Tensor gradient(String name) {
    Entry entry = entry(name);
    return gradients().narrow(0, entry.offset(), entry.elements()).view(entry.shape());
  }

  /** View of the masters from {@code first} on as one tensor; lives as long as this object. */
  Tensor heldValues(String first, long... shape) {
    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    try (Scope s = Scope.open()) {
      return scope.hold(values.narrow(0, entry(first).offset(), count).view(shape));
    }
  }

  Entry entry(String name) {
    Entry entry = byName.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no trainable weight " + name);
    }
    return entry;
  }

  @Override
  public void close() {
    gradients.close();
    more.forEach(GradientBuffer::close);
    scope.close();
  }
}
