package dev.graft.bench.products;

import dev.graft.bench.BenchException;
import dev.graft.bench.report.Markdown;
import dev.graft.bench.report.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast a LoRA step would be if it were its matrix products and nothing else.
 *
 * <p>The base model's products are taken at the rate measured at their own shapes. Those of adapter
 * and attention, which are small or oddly shaped, are taken at the rate of the fastest, so the
 * limit is not too low.
 *
 * @param work what a step does
 * @param timings of the base model's products
 * @param otherFlops floating-point operations of a step's other products
 * @param fp32Best best rate of the same products in float32, in operations a second
 */
public record Limit(Work work, List<Timing> timings, double otherFlops, double fp32Best) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A step: tokens, of them learnt, examples, and the adapter's rank. */
  public record Work(int tokens, int learnt, int examples, int rank) {}

  /**
   * How long a product took.
   *
   * @param best least seconds
   * @param median median seconds, which other work on the machine is in
   */
  public record Timing(Product product, double best, double median) {}

  /** Operations a second of the fastest product. */
  private double rate(ToDoubleFunction<Timing> seconds) {
    return timings.stream()
        .mapToDouble(timing -> timing.product().flops() / seconds.applyAsDouble(timing))
        .max()
        .orElse(Double.NaN);
  }

  /** Seconds of a step's products. */
  double seconds(ToDoubleFunction<Timing> seconds) {
    double base =
        timings.stream()
            .mapToDouble(timing -> seconds.applyAsDouble(timing) * timing.product().times())
            .sum();
    return base + otherFlops / rate(seconds);
  }

  /** Tokens a second if a step were its products alone, each as fast as it ever was. */
  public double best() {
    return work.tokens() / seconds(Timing::best);
  }

  /** Tokens a second if a step were its products alone, each as fast as its median. */
  public double median() {
    return work.tokens() / seconds(Timing::median);
  }

  /** Several measurements of the same work in one: the least times, and the medians of medians. */
  public static Limit of(List<Limit> measured) {
    Limit first = measured.getFirst();
    List<Timing> all = new ArrayList<>();
    for (int i = 0; i < first.timings.size(); i++) {
      int at = i;
      Statistics best = over(measured, limit -> limit.timings.get(at).best());
      Statistics median = over(measured, limit -> limit.timings.get(at).median());
      all.add(new Timing(first.timings.get(i).product(), best.min(), median.median()));
    }
    double fp32 = over(measured, Limit::fp32Best).max();
    return new Limit(first.work, all, first.otherFlops, fp32);
  }

  private static Statistics over(List<Limit> measured, ToDoubleFunction<Limit> value) {
    return Statistics.of(measured.stream().map(limit -> value.applyAsDouble(limit)).toList());
  }

  /** What {@link #json()} wrote to a file. */
  public static Limit read(Path file) throws IOException {
    try {
      return JSON.readValue(Files.readString(file), Limit.class);
    } catch (JacksonException e) {
      throw new BenchException(file + ": is no measurement of products");
    }
  }

  /** For a file or a report. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("work", work);
    json.put("timings", timings);
    json.put("otherFlops", otherFlops);
    json.put("fp32Best", fp32Best);
    return json;
  }

  /** A section of a report. */
  public String markdown() {
    Markdown table =
        new Markdown("product", "times a step", "ms", "GFLOP/s", "best ms", "best GFLOP/s");
    for (Timing timing : timings) {
      Product product = timing.product();
      table.row(
          product.toString(),
          Integer.toString(product.times()),
          Markdown.number(timing.median() * 1e3, 3),
          Markdown.number(product.flops() / timing.median() / 1e9, 0),
          Markdown.number(timing.best() * 1e3, 3),
          Markdown.number(product.flops() / timing.best() / 1e9, 0));
    }
    return """
    ## Products alone

    %s
    seconds a step = sum over products of times · seconds, plus %s GFLOP of adapter and attention at the rate of the
    fastest product, for %d tokens, of which %d are learnt: %s s with the medians (%s tokens/s), %s s with the best
    times (%s tokens/s). Best rate %s GFLOP/s; in float32 %s GFLOP/s.

    A product (n, k)·(k, m) has 2·n·k·m operations. Forward and, for the gradient of the input, backward through each frozen
    matrix; logits at learnt tokens only. An adapter of rank r adds 3·2·n·r·(in + out) a linear; causal attention
    6·length²·width an example and layer, half of 2 products forward and 4 backward.
    """
        .formatted(
            table,
            Markdown.number(otherFlops / 1e9, 1),
            work.tokens(),
            work.learnt(),
            Markdown.number(seconds(Timing::median), 3),
            Markdown.number(median(), 0),
            Markdown.number(seconds(Timing::best), 3),
            Markdown.number(best(), 0),
            Markdown.number(rate(Timing::best) / 1e9, 0),
            Markdown.number(fp32Best / 1e9, 0));
  }
}
