package dev.graft.data.check;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a check found.
 *
 * @param files the files, by what they are for
 * @param rows number of rows of each file, with those that can't be read
 * @param findings errors first, then in the order of the codes
 */
public record CheckReport(
    Map<DataFile, Path> files, Map<DataFile, Long> rows, List<Finding> findings) {
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
}
