package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Root-mean-square normalisation (Zhang and Sennrich 2019, arXiv 1910.07467): {@code y = w ∘
 * x/rms(x)}, {@code rms(x) = √(mean(x²) + ε)} over the last dimension, in float32 whatever the type
 * of x (float64 for float64).
 */
final class RmsNorm {
  /** y, and {@code 1/rms(x)} (…, 1) for the backward pass. */
  record Result(Tensor y, Tensor inverse) {}

  private final String name;
  private final double epsilon;
  private Tensor weight;
  private @Nullable Tensor master;

  RmsNorm(Scope holder, String name, Tensor weight, double epsilon) {
    this.name = name;
    this.weight = holder.hold(weight);
    this.epsilon = epsilon;
  }

  String name() {
    return name;
  }

  /** (d) in the compute type. */
  Tensor weight() {
    return weight;
  }

  void declare(Parameters.Builder builder) {
    builder.vector(name, weight.elements());
  }

  void bind(Parameters parameters) {
    Tensor values = parameters.heldValues(name, weight.elements()).copyFrom(weight);
    master = values;
    if (weight.dtype() == DType.F32) {
      weight.free();
      weight = values;
    }
  }

  boolean isTrained() {
    return master != null;
  }

  void refresh() {
    Tensor values = master;
    if (values != null && values != weight) {
      weight.copyFrom(values);
    }
  }

  /** x (N, d) to y as {@link FusedLinear#prepare} takes it. */
  Result forward(Tensor x, FusedLinear next) {
    if (!Kernels.serve(x, next.in())) {
      return forward(x);
    }
    Tensor room = next.room(x.size(0), x);
    return new Result(room, Kernels.rmsNorm(x, weight, epsilon, room.narrow(1, 0, next.in())));
  }

  /** x (…, d) to y (…, d). */
  Result forward(Tensor x) {
    try (Scope scope = Scope.open()) {
      Tensor wide = wide(x);
      Tensor inverse = Ops.mean(wide.times(wide), -1, true).addInPlace(epsilon);
      inverse = Ops.rsqrt(inverse);
      Tensor y = wide.times(inverse).to(x.dtype()).times(weight);
      return new Result(scope.lift(y), scope.lift(inverse));
    }
  }

  /**
   * What a backward pass gives.
   *
   * @param dx (N, d)
   * @param y (N, d) what forward gave, made anew rather than kept
   */
  record Gradient(Tensor dx, Tensor y) {}

  /**
   * As the other method for two dimensions; may take the place of dy.
   *
   * @param residual (N, d), added to dx; null for nothing
   */
  Gradient backward(
      Tensor dy, Tensor x, Tensor inverse, @Nullable Tensor residual, GradientBuffer into) {
    if (master == null && Kernels.serve(x, x.size(1))) {
      Tensor dx = Kernels.rmsNormBackward(dy, x, weight, inverse, residual);
      return new Gradient(dx, dy);
    }
    Tensor dx = backward(dy, x, inverse, into);
    return new Gradient(residual == null ? dx : dx.addInPlace(residual), again(x, inverse));
  }

  /** What forward gave for x (…, d), from the {@code inverse} that it gave with it. */
  Tensor again(Tensor x, Tensor inverse) {
    try (Scope scope = Scope.open()) {
      return scope.lift(wide(x).times(inverse).to(x.dtype()).times(weight));
    }
  }

  /**
   * With {@code x̂ = x/rms}: {@code dx = (w∘dy − x̂·mean(w∘dy∘x̂))/rms}, {@code dw = Σ dy∘x̂}.
   *
   * @param dy (…, d)
   * @param x (…, d), what went in
   * @param inverse (…, 1), as forward gave it
   */
  Tensor backward(Tensor dy, Tensor x, Tensor inverse, GradientBuffer into) {
    try (Scope scope = Scope.open()) {
      Tensor normal = wide(x).times(inverse);
      Tensor wideDy = wide(dy);
      if (master != null) {
        Tensor dw = wideDy.times(normal).reshape(-1, weight.elements());
        into.of(name, weight.elements()).addInPlace(Ops.sum(dw, 0, false));
      }
      Tensor dn = wideDy.times(wide(weight));
      Tensor mean = Ops.mean(dn.times(normal), -1, true);
      Tensor dx = Ops.addcmulInPlace(dn, normal, mean, -1).mulInPlace(inverse);
      return scope.lift(dx.to(x.dtype()));
    }
  }

  private static Tensor wide(Tensor x) {
    return x.dtype() == DType.F64 ? x : x.to(DType.F32);
  }
}
