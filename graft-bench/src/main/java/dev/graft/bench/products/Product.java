package dev.graft.bench.products;

import dev.graft.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix product {@code (n, k) · (k, m)}.
 *
 * @param name of the weight, and the direction
 * @param transposed whether the second matrix lies as (m, k), as a weight does on the way forward
 * @param times how often a step has it
 */
public record Product(String name, int n, int k, int m, boolean transposed, int times) {
  /** Multiplications and additions of one such product. */
  public double flops() {
    return 2.0 * n * k * m;
  }

  @Override
  public String toString() {
    return name + " (" + n + ", " + k + ")·(" + k + ", " + m + ")";
  }

  /** The products with frozen matrices of one LoRA step; those with the same input are one. */
  static List<Product> ofStep(DecoderSpec spec, Limit.Work work) {
    List<Product> products = new ArrayList<>();
    int d = spec.hidden();
    int qkv = spec.queryWidth() + 2 * spec.keyWidth();
    both(products, "q, k, v", work.tokens(), d, qkv, spec.layers());
    both(products, "o", work.tokens(), spec.queryWidth(), d, spec.layers());
    both(products, "gate, up", work.tokens(), d, 2 * spec.intermediate(), spec.layers());
    both(products, "down", work.tokens(), spec.intermediate(), d, spec.layers());
    both(products, "head", Math.max(1, work.learnt()), d, spec.vocabulary(), 1);
    return products;
  }

  /** Operations of a step's adapter and attention. */
  static double otherFlops(DecoderSpec spec, Limit.Work work) {
    double d = spec.hidden();
    double linears =
        (d + spec.queryWidth()) * 2 // q, o
            + (d + spec.keyWidth()) * 2 // k, v
            + (d + spec.intermediate()) * 3; // gate, up, down
    double adapter = 3 * 2.0 * work.tokens() * work.rank() * linears;
    double length = work.tokens() / (double) work.examples();
    double attention = 6 * length * length * spec.queryWidth() * work.examples();
    return spec.layers() * (adapter + attention);
  }

  private static void both(
      List<Product> products, String name, int rows, int in, int out, int times) {
    products.add(new Product(name + " forward", rows, in, out, true, times));
    products.add(new Product(name + " backward", rows, out, in, false, times));
  }
}
