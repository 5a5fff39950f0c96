package dev.graft.data.check;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a check found.
 *
 * @param files the files, by what they are for; of a folder, all that were read
 * @param rows number of rows of each file, with those that can't be read
 * @param findings errors first, then in the order of the codes
 */
public record CheckReport(
    Map<DataFile, CheckedFiles> files, Map<DataFile, Long> rows, List<Finding> findings) {
  public CheckReport {
    files = new EnumMap<>(files);
    rows = new EnumMap<>(rows);
    findings = List.copyOf(findings);
  }

  /** The findings of a severity. */
  public List<Finding> findings(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).toList();
  }

  /** Whether something is wrong that must not be trained on. */
  public boolean hasErrors() {
    return !findings(Severity.ERROR).isEmpty();
  }

  /**
   * A row as people read it: {@code 3}, {@code valid:3}, and in folders {@code b.jsonl:3} and
   * {@code valid:b.jsonl:3}.
   */
  String name(Place place) {
    String held = place.file() == DataFile.DATA ? "" : place.file().word() + ":";
    return held + Objects.requireNonNull(files.get(place.file())).name(place);
  }
}
