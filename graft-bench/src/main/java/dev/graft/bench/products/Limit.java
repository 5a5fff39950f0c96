package dev.graft.bench.products;

import dev.graft.bench.BenchException;
import dev.graft.bench.report.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast a LoRA step would be if it were its matrix products and nothing else.
 *
 * <p>The base model's products are taken at the rate measured at their own shapes. Those of adapter
 * and attention, which are small or oddly shaped, are taken at the best rate of all, so the limit
 * is not too low.
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

  /** A product with the best seconds that it took. */
  public record Timing(Product product, double seconds) {
    double rate() {
      return product.flops() / seconds;
    }
  }

  /** Best rate of the products, in operations a second. */
  double bestRate() {
    return timings.stream().mapToDouble(Timing::rate).max().orElse(Double.NaN);
  }

  /** Seconds of a step's products. */
  public double seconds() {
    double base = timings.stream().mapToDouble(t -> t.seconds() * t.product().times()).sum();
    return base + otherFlops / bestRate();
  }

  /** Tokens a second if a step were its products alone. */
  public double tokensPerSecond() {
    return work.tokens() / seconds();
  }

  /** The better time of each product of two measurements of the same work. */
  public Limit best(Limit other) {
    List<Timing> best = new ArrayList<>();
    for (int i = 0; i < timings.size(); i++) {
      double seconds = Math.min(timings.get(i).seconds(), other.timings.get(i).seconds());
      best.add(new Timing(timings.get(i).product(), seconds));
    }
    return new Limit(work, best, otherFlops, Math.max(fp32Best, other.fp32Best));
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
    Markdown table = new Markdown("product", "times a step", "ms", "GFLOP/s");
    for (Timing timing : timings) {
      table.row(
          timing.product().toString(),
          Integer.toString(timing.product().times()),
          Markdown.number(timing.seconds() * 1e3, 3),
          Markdown.number(timing.rate() / 1e9, 0));
    }
    return """
    ## Products alone

    %s
    seconds a step = sum over products of times · seconds, plus %s GFLOP of adapter and attention at the best rate
    = %s s for %d tokens, of which %d are learnt: %s tokens/s. Best rate %s GFLOP/s; in float32 %s GFLOP/s.

    A product (n, k)·(k, m) has 2·n·k·m operations. Forward and, for the gradient of the input, backward through each frozen
    matrix; logits at learnt tokens only. An adapter of rank r adds 3·2·n·r·(in + out) a linear; causal attention
    6·length²·width an example and layer, half of 2 products forward and 4 backward.
    """
        .formatted(
            table,
            Markdown.number(otherFlops / 1e9, 1),
            Markdown.number(seconds(), 3),
            work.tokens(),
            work.learnt(),
            Markdown.number(tokensPerSecond(), 0),
            Markdown.number(bestRate() / 1e9, 0),
            Markdown.number(fp32Best / 1e9, 0));
  }
}
