package dev.graft.engine;

/**
 * libtorch's automatic differentiation, for checking hand-derived gradients against. Training does
 * not use it.
 */
public final class Autograd {
  private Autograd() {}

  /** Starts recording operations on {@code tensor}, which must be a leaf; returns it. */
  public static Tensor track(Tensor tensor) {
    tensor.raw.requires_grad_(true);
    return tensor;
  }

  /** Runs the backward pass from {@code output} with the gradient {@code seed} of its shape. */
  public static void backward(Tensor output, Tensor seed) {
    try (var keep = new org.bytedeco.pytorch.BoolOptional();
        var inputs = new org.bytedeco.pytorch.TensorArrayRefOptional()) {
      output.raw.backward(seed.raw, keep, false, inputs);
    } catch (RuntimeException e) {
      throw EngineException.from(e);
    }
  }

  /** Gradient that the last backward pass left at a tracked leaf. */
  public static Tensor gradient(Tensor leaf) {
    return Tensor.of(() -> leaf.raw.grad());
  }
}
