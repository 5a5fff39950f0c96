package dev.graft.goal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A goal's report for programs; its form is documented in {@code docs/data.md}. */
public final class GoalJson {
  private GoalJson() {}

  /** The report as a tree of JSON. */
  public static Map<String, Object> of(GoalReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("goal", report.goal().toString());
    json.put("ok", report.met());
    json.put("rows", report.rows());
    json.put("skipped", report.skipped());
    json.put("unreadable", report.unreadable());
    json.put("opposite", report.opposite());
    json.put("rules", report.rules().stream().map(GoalJson::rule).toList());
    json.put("style", style(report.style()));
    return json;
  }

  private static Map<String, Object> rule(GoalReport.RuleResult rule) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", "goal-" + rule.code());
    json.put("rule", rule.text());
    json.put("derived", rule.derived());
    json.put("verdict", rule.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.put("share", rule.share());
    json.put("needed", rule.needed());
    json.put("met", rule.counts().met());
    json.put("missed", rule.counts().missed());
    json.put("undecided", rule.counts().undecided());
    json.put("others", rule.counts().others());
    json.put("worst", rule.worst().stream().map(GoalJson::offender).toList());
    return json;
  }

  private static Map<String, Object> offender(GoalReport.Offender offender) {
    Map<String, Object> json = new LinkedHashMap<>();
    offender.file().ifPresent(file -> json.put("file", file.toString()));
    json.put("line", offender.line());
    json.put("what", offender.what());
    json.put("answer", offender.answer());
    return json;
  }

  private static Map<String, Object> style(StyleSummary style) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("words", lengths(style.words()));
    json.put("sentences", lengths(style.sentences()));
    json.put("forms", shares(style.forms()));
    json.put("openings", shares(style.openings()));
    json.put("endings", shares(style.endings()));
    json.put("languages", shares(style.languages()));
    return json;
  }

  private static Map<String, Object> lengths(StyleSummary.Lengths lengths) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("p5", lengths.p5());
    json.put("p50", lengths.p50());
    json.put("p95", lengths.p95());
    json.put("longest", lengths.longest());
    return json;
  }

  private static Map<String, Object> shares(List<StyleSummary.Share> shares) {
    Map<String, Object> json = new LinkedHashMap<>();
    shares.forEach(share -> json.put(share.what(), share.share()));
    return json;
  }
}
