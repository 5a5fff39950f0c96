package dev.graft.data.view;

import dev.graft.model.SharedPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures about a data set as text. */
public final class StatsText {
  private static final int MOST_BARS = 12;
  private static final double[] QUANTILES = {0.1, 0.5, 0.9, 0.99};

  private final DataStats stats;
  private final int columns;
  private final StringBuilder out = new StringBuilder();

  private StatsText(DataStats stats, int columns) {
    this.stats = stats;
    this.columns = columns;
  }

  /** The figures, in lines of at most {@code columns} characters where the numbers allow it. */
  public static String of(DataStats stats, Padding.Result padding, int columns) {
    StatsText text = new StatsText(stats, columns);
    text.counts();
    text.lengths();
    text.histogram("tokens", stats.tokens());
    text.histogram("learnt tokens", stats.learnt());
    text.limits();
    text.padding(padding);
    return text.out.toString();
  }

  private void counts() {
    line(String.format(Locale.ROOT, "rows                  %,d", stats.rows()));
    if (stats.unusable() > 0) {
      line(
          String.format(
              Locale.ROOT,
              "unusable              %,d (graft data check says why), such as",
              stats.unusable()));
      stats.errors().forEach(error -> out.append("  ").append(error).append('\n'));
    }
    if (stats.tokens().rows() != stats.rows() - stats.unusable()) {
      line(
          String.format(
              Locale.ROOT,
              "examples              %,d (a preference has two)",
              stats.tokens().rows()));
    }
    if (stats.messages() > 0) {
      line(String.format(Locale.ROOT, "messages              %,d", stats.messages()));
    }
    line(String.format(Locale.ROOT, "answers               %,d", stats.turns()));
    line(String.format(Locale.ROOT, "share learnt          %.1f %%", 100 * stats.learntShare()));
    line(String.format(Locale.ROOT, "tokens per word       %.2f", stats.tokensPerWord()));
    line(String.format(Locale.ROOT, "characters per token  %.2f", stats.charactersPerToken()));
  }

  private void lengths() {
    out.append('\n');
    String format = "%-14s%8s%8s%8s%8s%8s%8s%9s%14s";
    line(
        String.format(
            Locale.ROOT,
            format,
            "lengths",
            "min",
            "p10",
            "p50",
            "mean",
            "p90",
            "p99",
            "max",
            "total"));
    lengths(format, "tokens", stats.tokens());
    lengths(format, "learnt tokens", stats.learnt());
  }

  private void lengths(String format, String name, Lengths lengths) {
    List<Object> values = new ArrayList<>();
    values.add(name);
    values.add(lengths.shortest());
    for (double quantile : QUANTILES) {
      values.add(lengths.quantile(quantile));
    }
    values.add(4, String.format(Locale.ROOT, "%.1f", lengths.mean()));
    values.add(lengths.longest());
    values.add(String.format(Locale.ROOT, "%,d", lengths.total()));
    line(String.format(Locale.ROOT, format, values.toArray()));
  }

  private void histogram(String name, Lengths lengths) {
    if (lengths.rows() == 0) {
      return;
    }
    int[] edges = edges(lengths);
    long most = 0;
    for (int i = 0; i + 1 < edges.length; i++) {
      most = Math.max(most, lengths.between(edges[i], edges[i + 1] - 1));
    }
    int numbers = String.valueOf(edges[edges.length - 1]).length();
    int room =
        Math.max(8, columns - 2 * numbers - 8 - String.format(Locale.ROOT, "%,d", most).length());
    out.append('\n').append(name).append(" of an example\n");
    for (int i = 0; i + 1 < edges.length; i++) {
      long count = lengths.between(edges[i], edges[i + 1] - 1);
      line(
          String.format(
              Locale.ROOT,
              "%" + (numbers + 2) + "d–%-" + numbers + "d  %s %,d",
              edges[i],
              edges[i + 1] - 1,
              bar(count, most, room),
              count));
    }
  }

  private static String bar(long count, long most, int room) {
    long full = Math.round((double) count / most * room);
    return full > 0 ? "█".repeat((int) full) : count > 0 ? "▏" : "";
  }

  /** Borders of the bars: equal steps, and one for the longest hundredth where it is far off. */
  static int[] edges(Lengths lengths) {
    int usual = lengths.quantile(0.99);
    int step = step(usual + 1 - lengths.shortest());
    List<Integer> edges = new ArrayList<>();
    int edge = lengths.shortest() - lengths.shortest() % step;
    edges.add(edge);
    while (edge <= usual) {
      edge += step;
      edges.add(edge);
    }
    if (edge <= lengths.longest()) {
      edges.add(lengths.longest() + 1);
    }
    return edges.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The least of 1, 2, 5, 10, 20, 50 … that needs few enough bars. */
  private static int step(int width) {
    int step = 1;
    int[] factors = {2, 5, 10};
    int decade = 1;
    for (int i = 0; (width + step - 1) / step > MOST_BARS; i++) {
      step = decade * factors[i % 3];
      decade = i % 3 == 2 ? decade * 10 : decade;
    }
    return step;
  }

  private void limits() {
    out.append('\n');
    String format = "%-14s%10s%10s%12s%22s";
    line(
        String.format(
            Locale.ROOT,
            format,
            "--max-length",
            "rows cut",
            "left out",
            "tokens lost",
            "learnt tokens lost"));
    for (DataStats.LimitEffect effect : stats.limits()) {
      double share =
          stats.learnt().total() == 0 ? 0 : 100.0 * effect.learntLost() / stats.learnt().total();
      line(
          String.format(
              Locale.ROOT,
              format,
              effect.limit() + (effect.limit() == stats.maxLength() ? " *" : ""),
              number(effect.rowsCut()),
              number(effect.leftOut()),
              number(effect.tokensLost()),
              number(effect.learntLost()) + String.format(Locale.ROOT, " (%.1f %%)", share)));
    }
  }

  private void padding(Padding.Result result) {
    if (result.examples() == 0) {
      return;
    }
    out.append('\n');
    line(
        String.format(
            Locale.ROOT,
            "An epoch of %,d examples in batches of %d with --max-length %d:",
            result.examples(),
            result.batchSize(),
            stats.maxLength()));
    line(
        String.format(
            Locale.ROOT,
            "padded to the longest  %,d tokens, %.1f %% of them padding",
            result.padded(),
            100 * result.share()));
    line(
        String.format(
            Locale.ROOT,
            "packed, as Graft does  %,d tokens without padding in %,d passes of %.0f on average",
            result.tokens(),
            result.passes(),
            (double) result.tokens() / result.passes()));
    if (SharedPrefix.shared(stats.sharedPrefix(), result.batchSize()) > 0) {
      line(
          String.format(
              Locale.ROOT,
              "all begin alike        the same %,d tokens, which go through the model once a pass",
              stats.sharedPrefix()));
    }
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
