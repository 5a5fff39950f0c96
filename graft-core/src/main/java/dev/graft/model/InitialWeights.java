package dev.graft.model;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.StoredTensor;
import dev.graft.format.Weights;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The weights of a model that has learnt nothing yet, as transformers initialises them: matrices
 * drawn from a normal distribution of the configuration's {@code initializer_range}, norms one,
 * biases zero.
 *
 * <p>A tensor depends on the seed and its name alone.
 */
public final class InitialWeights implements Weights {
  private final Path source;
  private final DecoderSpec spec;
  private final Start start;

  /**
   * How matrices begin.
   *
   * @param deviation of their elements
   * @param scaledResiduals whether those that add to the residual stream get a deviation smaller by
   *     {@code √(2 · layers)} (Radford et al., Language Models are Unsupervised Multitask Learners,
   *     2019)
   * @param seed of the draw
   */
  public record Start(double deviation, boolean scaledResiduals, long seed) {}

  /**
   * The weights of a model.
   *
   * @param source file that says so, for messages
   */
  public InitialWeights(Path source, DecoderSpec spec, Start start) {
    this.source = source;
    this.spec = spec;
    this.start = start;
  }

  @Override
  public Path source() {
    return source;
  }

  /** Empty: every tensor that is asked for is there. */
  @Override
  public List<String> names() {
    return List.of();
  }

  @Override
  public boolean contains(String name) {
    return shape(name).length > 0;
  }

  @Override
  public StoredTensor get(String name) {
    long[] shape = shape(name);
    if (shape.length == 0) {
      throw InputException.in(source, "a model without weights can't have a tensor " + name);
    }
    return new Drawn(name, shape, mean(name), deviation(name), seed(name));
  }

  private long[] shape(String name) {
    String[] parts = name.split("\\.", -1);
    String module = parts.length < 2 ? "" : parts[parts.length - 2];
    long d = spec.hidden();
    long out =
        switch (module) {
          case "embed_tokens", "lm_head" -> spec.vocabulary();
          case "q_proj" -> spec.queryWidth();
          case "k_proj", "v_proj" -> spec.keyWidth();
          case "o_proj", "down_proj", "norm", "input_layernorm", "post_attention_layernorm" -> d;
          case "gate_proj", "up_proj" -> spec.intermediate();
          case "q_norm", "k_norm" -> spec.headDim();
          default -> 0;
        };
    if (out == 0) {
      return new long[0];
    }
    long in =
        switch (module) {
          case "o_proj" -> spec.queryWidth();
          case "down_proj" -> spec.intermediate();
          default -> d;
        };
    return isNorm(name) || name.endsWith(".bias") ? new long[] {out} : new long[] {out, in};
  }

  private static boolean isNorm(String name) {
    return name.endsWith("norm.weight");
  }

  private static double mean(String name) {
    return isNorm(name) ? 1 : 0;
  }

  private double deviation(String name) {
    if (isNorm(name) || name.endsWith(".bias")) {
      return 0;
    }
    boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    return residual && start.scaledResiduals()
        ? start.deviation() / Math.sqrt(2.0 * spec.layers())
        : start.deviation();
  }

  private long seed(String name) {
    CRC32C hash = new CRC32C();
    hash.update(name.getBytes(StandardCharsets.UTF_8));
    return Random.seed(start.seed(), hash.getValue());
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void release() {}

  @Override
  public void close() {}

  /** A tensor that is drawn when it is asked for. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Drawn(String name, long[] shape, double mean, double deviation, long seed)
      implements StoredTensor {
    @Override
    public long[] shape() {
      return shape.clone();
    }

    @Override
    public long elements() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public DType dtype() {
      return DType.F32;
    }

    @Override
    public Optional<MemorySegment> mapped() {
      return Optional.empty();
    }

    @Override
    public void copyTo(MemorySegment out, DType target) {
      try (Scope scope = Scope.open()) {
        Tensor values = Tensor.empty(DType.F32, Device.CPU, shape);
        if (deviation > 0) {
          Random.normalInPlace(values, mean, deviation, seed);
        } else {
          values.fillInPlace(mean);
        }
        out.copyFrom(values.to(target).contiguous().memory());
      }
    }
  }
}
