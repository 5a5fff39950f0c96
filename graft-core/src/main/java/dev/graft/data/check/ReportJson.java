package dev.graft.data.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A report for programs; the form is documented in {@code docs/data.md} and does not change. */
public final class ReportJson {
  private ReportJson() {}

  /** The report as a tree of JSON. */
  public static Map<String, Object> of(CheckReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("ok", !report.hasErrors());
    Map<String, Object> files = new LinkedHashMap<>();
    report
        .rows()
        .forEach((which, rows) -> {
          Map<String, Object> file = new LinkedHashMap<>();
          CheckedFiles read = Objects.requireNonNull(report.files().get(which));
          file.put("paths", read.parts().stream().map(Path::toString).toList());
          file.put("rows", rows);
          files.put(which.word(), file);
        });
    json.put("files", files);
    for (Severity severity : Severity.values()) {
      json.put(severity.word() + "s", report.findings(severity).size());
    }
    json.put(
        "findings", report.findings().stream().map(finding -> finding(report, finding)).toList());
    return json;
  }

  private static Map<String, Object> finding(CheckReport report, Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", finding.severity().word());
    json.put("code", finding.code().word());
    json.put("rows", finding.rows());
    json.put("what", finding.what());
    json.put("advice", finding.code().advice());
    if (!finding.example().isEmpty()) {
      json.put("example", finding.example());
    }
    Map<String, Map<String, List<Long>>> lines = new LinkedHashMap<>();
    for (Place place : finding.places()) {
      CheckedFiles read = Objects.requireNonNull(report.files().get(place.file()));
      lines
          .computeIfAbsent(place.file().word(), word -> new LinkedHashMap<>())
          .computeIfAbsent(read.parts().get(place.part()).toString(), path -> new ArrayList<>())
          .add(place.line());
    }
    json.put("lines", lines);
    return json;
  }
}
