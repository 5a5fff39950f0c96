package dev.graft.bench.autograd;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A frozen linear layer with a low-rank update: {@code y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ}.
 *
 * @param name as the model's files have it, without {@code .weight}
 * @param weight (out, in) in the compute type
 * @param a (r, in) float32, a leaf that is trained; null for a layer without update
 * @param b (out, r) float32, the same
 */
record Linear(String name, Tensor weight, @Nullable Tensor a, @Nullable Tensor b, double scaling) {
  Tensor forward(Tensor x) {
    Tensor y = torch.linear(x, weight);
    Tensor down = a;
    Tensor up = b;
    if (down == null || up == null) {
      return y;
    }
    Tensor inner = torch.linear(x, down.to(x.scalar_type()));
    return y.add(Torch.times(torch.linear(inner, up.to(x.scalar_type())), scaling));
  }
}
