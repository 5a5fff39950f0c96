package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.engine.Workspace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a pass adds its gradients: all of them in one flat float32 tensor, laid out like the
 * masters of {@link Parameters}; and the memory that it works in. Passes that run at the same time
 * each have one of their own.
 */
public final class GradientBuffer implements AutoCloseable {
  private final Scope scope = Scope.holder();
  private final Map<String, Tensor> views = new HashMap<>();
  private final Parameters parameters;
  private final Tensor flat;
  private final Workspace workspace = new Workspace();

  GradientBuffer(Parameters parameters) {
    this.parameters = parameters;
    Tensor values = parameters.values();
    try (Scope s = Scope.open()) {
      this.flat = scope.hold(Tensor.zeros(DType.F32, values.device(), values.elements()));
    }
  }

  /** All gradients. */
  public Tensor flat() {
    return flat;
  }

  /** Memory of the pass under way. */
  Workspace workspace() {
    return workspace;
  }

  /** Adds a gradient to those from {@code first} on, which have its shape. */
  void add(String first, Tensor gradient) {
    Tensor sum = of(first, gradient.shape());
    if (gradient.isContiguous() && Kernels.serve(gradient, gradient.elements())) {
      Kernels.accumulate(gradient, sum);
    } else {
      sum.addInPlace(gradient);
    }
  }

  /** View of the gradients from {@code first} on as one tensor; always the same for a name. */
  Tensor of(String first, long... shape) {
    return views.computeIfAbsent(
        first,
        name -> {
          long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
          try (Scope s = Scope.open()) {
            long offset = parameters.entry(name).offset();
            return scope.hold(flat.narrow(0, offset, count).view(shape));
          }
        });
  }

  @Override
  public void close() {
    workspace.close();
    scope.close();
  }
}
