package dev.graft.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A ledger for people: a table of its entries with their total, and what to know about them. */
public final class LedgerText {
  private static final List<String> HEADER =
      List.of("", "run", "tokens", "learnt", "FLOP", "time", "energy", "share");

  /** Columns of words, at the left of their place; figures stand at the right. */
  private static final int WORDS = 2;

  private final Ledger ledger;
  private final Spent total;
  private final StringBuilder text = new StringBuilder();

  private LedgerText(Ledger ledger) {
    this.ledger = ledger;
    this.total = ledger.total();
  }

  /** The whole text, some lines of at most about 90 characters. */
  public static String of(Ledger ledger) {
    LedgerText made = new LedgerText(ledger);
    made.table();
    made.details();
    made.notes();
    return made.text.toString();
  }

  /** {@code 1.20e15 FLOP, 3 min 20 s, 12.3 Wh (estimate)}. */
  public static String line(Spent spent) {
    return Units.flops(spent.flops().total())
        + ", "
        + Units.time(spent.seconds().total())
        + ", "
        + Units.energy(spent.energy().joules())
        + (spent.energy().estimated() > 0 ? " (estimate)" : "");
  }

  // ---- table

  private void table() {
    List<List<String>> rows = new ArrayList<>(List.of(HEADER));
    for (int i = 0; i < ledger.entries().size(); i++) {
      String number = String.valueOf(i + 1);
      rows.add(
          switch (ledger.entries().get(i)) {
            case LedgerEntry.Run run ->
                row(number, run.kind() + " (" + run.method() + ")", run.spent());
            case LedgerEntry.Unknown unknown ->
                List.of(number, "not known", "-", "-", "-", "-", "-", "-");
          });
    }
    rows.add(row("", ledger.isIncomplete() ? "total known" : "total", total));
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    rows.forEach(row -> append(row, widths));
  }

  private List<String> row(String number, String name, Spent spent) {
    return List.of(
        number,
        name,
        Units.count(spent.data().tokens()),
        Units.count(spent.data().learntTokens()),
        Units.number(spent.flops().total()),
        Units.time(spent.seconds().total()),
        Units.energy(spent.energy().joules()) + (spent.energy().estimated() > 0 ? "*" : ""),
        Units.share(spent.flops().total(), total.flops().total()));
  }

  private void append(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String room = " ".repeat(widths[c] - row.get(c).length());
      line.append(c == 0 ? "" : "  ");
      line.append(c < WORDS ? row.get(c) + room : room + row.get(c));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  // ---- details

  private void details() {
    for (int i = 0; i < ledger.entries().size(); i++) {
      text.append('\n');
      switch (ledger.entries().get(i)) {
        case LedgerEntry.Run run -> details(i + 1, run);
        case LedgerEntry.Unknown unknown ->
            text.append(i + 1)
                .append("  ")
                .append(unknown.model())
                .append(": made without a ledger\n");
      }
    }
  }

  private void details(int number, LedgerEntry.Run run) {
    Spent spent = run.spent();
    LedgerEntry.Setting setting = run.setting();
    String indent = " ".repeat(String.valueOf(number).length() + 2);
    text.append(number).append("  ").append("from ").append(run.model()).append(builtOn(run));
    text.append('\n').append(indent);
    text.append(
        String.format(
            Locale.ROOT,
            "%s to %s, %d %s, %,d steps, %,d examples%n",
            setting.started(),
            setting.ended(),
            spent.sittings(),
            spent.sittings() == 1 ? "sitting" : "sittings",
            spent.data().steps(),
            spent.data().examples()));
    text.append(indent).append("graft ").append(setting.graft());
    text.append(" on ").append(setting.processor());
    text.append(", ").append(setting.threads());
    text.append(setting.threads() == 1 ? " thread" : " threads");
    if (spent.peakBytes() > 0) {
      text.append(", at most ").append(Units.bytes(spent.peakBytes())).append(" of memory");
    }
    text.append('\n');
    if (spent.flops().evaluation() > 0) {
      text.append(indent)
          .append("evaluations took ")
          .append(Units.share(spent.flops().evaluation(), spent.flops().total()))
          .append(" of the FLOP and ")
          .append(Units.share(spent.seconds().evaluation(), spent.seconds().total()))
          .append(" of the time\n");
    }
    lost(indent, spent.lost());
  }

  private String builtOn(LedgerEntry.Run run) {
    List<String> ids = ledger.entries().stream().map(LedgerEntry::id).toList();
    List<String> numbers =
        run.parents().stream().map(id -> String.valueOf(ids.indexOf(id) + 1)).toList();
    return numbers.isEmpty() ? "" : ", builds on " + String.join(" and ", numbers);
  }

  private void lost(String indent, Spent.Lost lost) {
    if (lost.steps() > 0) {
      text.append(indent)
          .append("lost by a kill and made again, not counted above: ")
          .append(
              String.format(
                  Locale.ROOT,
                  "%,d steps, %s, %s%n",
                  lost.steps(),
                  Units.flops(lost.flops()),
                  Units.time(lost.seconds())));
    }
  }

  // ---- notes

  private void notes() {
    text.append('\n');
    LedgerEntry.Run last = ledger.run().orElse(null);
    double before = last == null ? 0 : total.flops().total() - last.spent().flops().total();
    if (last != null && before > 0) {
      text.append("The last run took ")
          .append(Units.share(last.spent().flops().total(), before))
          .append(" of the FLOP of those before it.\n");
    }
    if (ledger.isIncomplete()) {
      text.append("What is not known is not in the total: it is the least that was spent.\n");
    }
    text.append(
        "Share is of the FLOP, which are those of matrix products as they were executed.\n");
    if (total.energy().estimated() > 0) {
      text.append("* estimated, at least in part: ")
          .append((int) EnergyMeter.WATTS_PER_PROCESSOR)
          .append(" W for each processor while it computed; energy could not be measured.\n");
    }
  }
}
