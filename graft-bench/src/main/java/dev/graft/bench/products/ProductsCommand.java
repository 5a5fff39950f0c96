package dev.graft.bench.products;

import dev.graft.bench.report.Statistics;
import dev.graft.bench.train.PreparedData;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Engine;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.io.AtomicFile;
import dev.graft.model.DecoderSpec;
import dev.graft.run.BaseModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench products}: measures the matrix products of a step and writes them as JSON. */
@Command(name = "products", hidden = true, description = "Measures matrix products.")
public final class ProductsCommand implements Callable<Integer> {
  private static final int LEAST = 5;
  private static final int MOST = 200;

  @Option(names = "--model", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path model;

  @Option(names = "--output", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Option(names = "--tokens", required = true)
  private int tokens;

  @Option(names = "--learnt", required = true)
  private int learnt;

  @Option(names = "--batch-size", required = true)
  private int batch;

  @Option(names = "--rank", required = true)
  private int rank;

  @Option(names = "--precision")
  private String precision = "bf16";

  @Option(names = "--threads")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--budget", description = "Seconds for each product.")
  private double budget = 0.5;

  @Override
  public Integer call() throws IOException {
    Engine.setThreads(threads);
    DecoderSpec spec;
    try (BaseModel base = PreparedData.open(model)) {
      spec = base.spec();
    }
    Limit limit =
        measure(
            spec,
            new Limit.Work(tokens, learnt, batch, rank),
            precision.equals("fp32") ? DType.F32 : DType.BF16);
    AtomicFile.writeString(output, new JsonMapper().writeValueAsString(limit.json()));
    return 0;
  }

  private Limit measure(DecoderSpec spec, Limit.Work work, DType dtype) {
    List<Product> products = Product.ofStep(spec, work);
    List<Limit.Timing> timings = new ArrayList<>();
    double fp32 = 0;
    for (Product product : products) {
      Statistics seconds = seconds(product, dtype);
      timings.add(new Limit.Timing(product, seconds.min(), seconds.median()));
      fp32 = Math.max(fp32, product.flops() / seconds(product, DType.F32).min());
    }
    return new Limit(work, timings, Product.otherFlops(spec, work), fp32);
  }

  /** Of many, after a first one that only warms up. */
  private Statistics seconds(Product product, DType dtype) {
    try (Scope scope = Scope.open()) {
      Tensor a = random(dtype, product.n(), product.k());
      Tensor b =
          product.transposed()
              ? random(dtype, product.m(), product.k())
              : random(dtype, product.k(), product.m());
      double _ = seconds(product, a, b);
      List<Double> all = new ArrayList<>();
      long until = System.nanoTime() + (long) (budget * 1e9);
      while (all.size() < MOST && (all.size() < LEAST || System.nanoTime() < until)) {
        all.add(seconds(product, a, b));
      }
      return Statistics.of(all);
    }
  }

  private static double seconds(Product product, Tensor a, Tensor b) {
    try (Scope scope = Scope.open()) {
      long began = System.nanoTime();
      Tensor _ = product.transposed() ? Ops.linear(a, b, null) : Ops.mm(a, b);
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static Tensor random(DType dtype, int rows, int columns) {
    try (Scope scope = Scope.open()) {
      Tensor values = Tensor.empty(DType.F32, Device.CPU, rows, columns);
      return scope.lift(Random.normalInPlace(values, 0, 1, rows + columns).to(dtype));
    }
  }
}
