package dev.graft.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page as a browser's tokenizer takes it apart: tags in order, and the contents of elements that
 * hold no markup. As in the HTML standard, such an element ends at the first end tag of its name;
 * {@code <!--} in a script changes that, so it is not taken at all.
 *
 * @param tags names of start tags, and of end tags behind a slash
 * @param raw contents of style and script elements
 */
record HtmlTokens(List<String> tags, List<String> raw) {
  private static final Pattern TAG =
      Pattern.compile("<(!doctype html|/?[a-z][a-z0-9]*)((?:\\s[^>\"]*(?:\"[^\"]*\"[^>\"]*)*)?)>");

  static HtmlTokens of(String page) {
    List<String> tags = new ArrayList<>();
    List<String> raw = new ArrayList<>();
    Matcher tag = TAG.matcher(page);
    int at = page.indexOf('<');
    while (at >= 0) {
      if (!tag.find(at) || tag.start() != at) {
        throw new AssertionError("no tag: " + page.substring(at, Math.min(page.length(), at + 80)));
      }
      String name = tag.group(1);
      tags.add(name);
      int end = tag.end();
      if (name.equals("script") || name.equals("style") || name.equals("title")) {
        int close = page.toLowerCase(Locale.ROOT).indexOf("</" + name, end);
        String content = page.substring(end, close);
        if (content.contains("<!--")) {
          throw new AssertionError("a comment begins in a " + name);
        }
        if (!name.equals("title")) {
          raw.add(content);
        }
        end = close;
      }
      at = page.indexOf('<', end);
    }
    return new HtmlTokens(tags, raw);
  }
}
