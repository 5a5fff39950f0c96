package dev.graft.data.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A report for people. */
public final class ReportText {
  private ReportText() {}

  /**
   * The whole report: errors, warnings, notes, and a line that sums up.
   *
   * @param rowsShown how many line numbers of a finding are shown
   */
  public static String of(CheckReport report, int rowsShown) {
    List<String> lines = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      for (Finding finding : report.findings(severity)) {
        lines.add(line(report, finding, rowsShown));
        if (!finding.example().isEmpty()) {
          lines.add("  e.g. " + finding.example());
        }
        lines.add("  " + finding.code().advice());
      }
      if (!report.findings(severity).isEmpty()) {
        lines.add("");
      }
    }
    lines.add(summary(report));
    return String.join("\n", lines) + "\n";
  }

  /** One finding on one line, without example and advice. */
  public static String line(CheckReport report, Finding finding, int rowsShown) {
    String head = finding.severity().word() + " " + finding.code().word() + ": ";
    if (finding.rows() == 0) {
      return head + finding.what();
    }
    return head
        + "rows that "
        + finding.what()
        + ": "
        + finding.rows()
        + places(report, finding, rowsShown);
  }

  private static String places(CheckReport report, Finding finding, int rowsShown) {
    List<Place> places = finding.places();
    if (places.isEmpty() || rowsShown == 0) {
      return "";
    }
    String shown =
        places.stream().limit(rowsShown).map(report::name).collect(Collectors.joining(", "));
    return (finding.rows() == 1 ? " (line " : " (lines ")
        + shown
        + (finding.rows() > Math.min(rowsShown, places.size()) ? ", …)" : ")");
  }

  /** As in {@code 2 errors, 1 warning in train.jsonl (2000 rows)}. */
  public static String summary(CheckReport report) {
    String files =
        report.rows().entrySet().stream()
            .map(entry -> file(report, entry))
            .collect(Collectors.joining(" and "));
    return count(report, Severity.ERROR) + ", " + count(report, Severity.WARNING) + " in " + files;
  }

  private static String file(CheckReport report, Map.Entry<DataFile, Long> entry) {
    CheckedFiles files = Objects.requireNonNull(report.files().get(entry.getKey()));
    int parts = files.parts().size();
    String name = parts == 1 ? "" : parts + " files of ";
    return name
        + files.path()
        + " ("
        + entry.getValue()
        + (entry.getValue() == 1 ? " row)" : " rows)");
  }

  private static String count(CheckReport report, Severity severity) {
    int count = report.findings(severity).size();
    String number = count == 0 ? "no" : Integer.toString(count);
    return number + " " + severity.word() + (count == 1 ? "" : "s");
  }
}
