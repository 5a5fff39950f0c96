package dev.graft.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Builds a Markdown table whose columns line up in the source as well. */
public final class Markdown {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these column heads. */
  public Markdown(String... heads) {
    rows.add(List.of(heads));
  }

  /** Adds a row; a bar in a cell is escaped. */
  public Markdown row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + rows.getFirst());
    }
    List<String> escaped = new ArrayList<>();
    for (String cell : cells) {
      escaped.add(cell.replace("|", "\\|"));
    }
    rows.add(escaped);
    return this;
  }

  /** A number with so many digits behind the point, in the same writing everywhere. */
  public static String number(double value, int digits) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + digits + "f", value) : "–";
  }

  /** Bytes as MiB. */
  public static String mebibytes(double bytes) {
    return number(bytes / (1 << 20), 0);
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    List<Integer> widths = new ArrayList<>(Collections.nCopies(columns, 3));
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, rows.getFirst(), widths);
    for (int i = 0; i < columns; i++) {
      text.append(i == 0 ? "| " : " | ").append("-".repeat(widths.get(i) - 1));
      text.append(i == 0 ? '-' : ':');
    }
    text.append(" |\n");
    rows.subList(1, rows.size()).forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> row, List<Integer> widths) {
    for (int i = 0; i < row.size(); i++) {
      String padding = " ".repeat(widths.get(i) - row.get(i).length());
      text.append(i == 0 ? "| " : " | ");
      text.append(i == 0 ? row.get(i) + padding : padding + row.get(i));
    }
    text.append(" |\n");
  }
}
