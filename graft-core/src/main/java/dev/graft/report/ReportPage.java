package dev.graft.report;

/** TEMPORARY. */
public final class ReportPage {
  private ReportPage() {}

  public static String html(String comparisonJson) {
    return "<!doctype html><title>comparison</title><pre>"
        + comparisonJson.replace("<", "&lt;")
        + "</pre>\n";
  }
}
