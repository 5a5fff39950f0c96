package dev.graft.report;

import dev.graft.InputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A comparison of strategies as one page that holds all it needs: data, script, style and the chart
 * library uPlot with its licence.
 *
 * <p>What models answered is hostile input. The data stand in an element that is never run, with
 * every {@code <} written as an escape, so nothing in them ends it; the script puts them into the
 * page as text only; and a content security policy lets run what has the hash of one of both
 * scripts, nothing else, and forbids the network.
 */
public final class ReportPage {
  /** In this order, each uses what stands before it only. */
  private static final List<String> SCRIPTS =
      List.of(
          "format.js",
          "dom.js",
          "styles.js",
          "model.js",
          "plot.js",
          "results.js",
          "charts.js",
          "curves.js",
          "sections.js",
          "settings.js",
          "page.js");

  private static final Pattern PLACE = Pattern.compile("@([A-Z_]+)@");

  private ReportPage() {}

  /**
   * The page of a comparison.
   *
   * @param comparisonJson what {@code graft compare} writes, version 1
   * @return HTML, to be written as UTF-8
   * @throws InputException in one line where it is no such JSON
   */
  public static String html(String comparisonJson) {
    String data = ComparisonJson.embedded(comparisonJson);
    String library =
        "/*\n" + Assets.uplot("LICENSE") + "\n*/\n" + Assets.uplot("dist/uPlot.iife.min.js");
    String script = script();
    return filled(
        Assets.own("report.html"),
        Map.of(
            "SCRIPT_HASHES",
            hash(library) + " " + hash(script),
            "UPLOT_STYLE",
            Assets.uplot("dist/uPlot.min.css"),
            "STYLE",
            Assets.own("report.css"),
            "COMPARISON",
            data,
            "UPLOT",
            library,
            "SCRIPT",
            script));
  }

  private static String script() {
    StringBuilder script = new StringBuilder("(() => {\n\"use strict\";\n");
    SCRIPTS.forEach(name -> script.append(Assets.own(name)));
    return script.append("})();\n").toString();
  }

  /** In one pass: what is filled in is not looked at again. */
  private static String filled(String template, Map<String, String> values) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> Matcher.quoteReplacement(value(values, place.group(1))));
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("the page has a place for " + name);
    }
    return value;
  }

  /** As a content security policy names a script that may run. */
  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
