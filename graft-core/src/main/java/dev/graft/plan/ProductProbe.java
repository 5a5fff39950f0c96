package dev.graft.plan;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Engine;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.model.DecoderSpec;
import java.util.List;
import java.util.OptionalDouble;

/** Measures for a moment how fast this machine's processors do a model's matrix products. */
public final class ProductProbe {
  /** Rows of a product: enough for the rate to be that of large passes. */
  private static final int ROWS = 512;

  /** Wider matrices of huge models are cut to this; the rate no longer grows there. */
  private static final int WIDEST = 8192;

  private static final int LEAST_RUNS = 3;

  private ProductProbe() {}

  /**
   * What was found.
   *
   * @param flopsPerSecond of all products together, weighted as a layer has them
   * @param watts drawn by the processors meanwhile, by their own counters; empty where unknown
   * @param seconds that the measurement took
   */
  public record Result(double flopsPerSecond, OptionalDouble watts, double seconds) {}

  private record Product(int in, int out, boolean forward) {
    double flops() {
      return 2.0 * ROWS * in * out;
    }
  }

  /**
   * Measures.
   *
   * @param dtype element type of the products
   * @param threads that work together
   * @param seconds that it may take, about
   */
  public static Result measure(DecoderSpec spec, DType dtype, int threads, double seconds) {
    Engine.setThreads(threads);
    List<Product> products = products(spec);
    Power power = Power.here();
    OptionalDouble before = power.joules();
    long began = System.nanoTime();
    double flops = 0;
    double time = 0;
    for (Product product : products) {
      flops += product.flops();
      time += best(product, dtype, seconds / products.size());
    }
    double took = (System.nanoTime() - began) / 1e9;
    OptionalDouble after = power.joules();
    // A counter that began anew in between says nothing.
    boolean known = before.isPresent() && after.orElse(-1) > before.getAsDouble();
    return new Result(
        flops / time,
        known
            ? OptionalDouble.of((after.orElseThrow() - before.getAsDouble()) / took)
            : OptionalDouble.empty(),
        took);
  }

  /** Watts that so many cores draw under load, where nothing measures them: a guess. */
  public static double guessedWatts(int cores) {
    return Power.guess(cores);
  }

  private static List<Product> products(DecoderSpec spec) {
    int d = Math.min(WIDEST, spec.hidden());
    int query = Math.min(WIDEST, spec.queryWidth());
    int qkv = Math.min(WIDEST, spec.queryWidth() + 2 * spec.keyWidth());
    int wide = Math.min(WIDEST, spec.intermediate());
    int both = Math.min(WIDEST, 2 * wide);
    return List.of(
        new Product(d, qkv, true),
        new Product(query, d, true),
        new Product(d, both, true),
        new Product(wide, d, true),
        new Product(d, qkv, false),
        new Product(query, d, false),
        new Product(d, both, false),
        new Product(wide, d, false));
  }

  /** Least seconds of some runs, after one that only warms up. */
  private static double best(Product product, DType dtype, double budget) {
    try (Scope scope = Scope.open()) {
      Tensor weight = filled(dtype, product.out(), product.in());
      Tensor x = filled(dtype, ROWS, product.forward() ? product.in() : product.out());
      double best = Double.POSITIVE_INFINITY;
      long until = System.nanoTime() + (long) (budget * 1e9);
      for (int run = 0; run <= LEAST_RUNS || System.nanoTime() < until; run++) {
        try (Scope inner = Scope.open()) {
          long began = System.nanoTime();
          Tensor _ = product.forward() ? Ops.linear(x, weight, null) : Ops.mm(x, weight);
          double seconds = (System.nanoTime() - began) / 1e9;
          best = run == 0 ? best : Math.min(best, seconds);
        }
      }
      return best;
    }
  }

  private static Tensor filled(DType dtype, int rows, int columns) {
    return Tensor.empty(dtype, Device.CPU, rows, columns).fillInPlace(0.01);
  }
}
