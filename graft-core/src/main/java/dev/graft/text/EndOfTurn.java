package dev.graft.text;

import dev.graft.text.template.CharRange;
import dev.graft.text.template.Rendered;
import dev.graft.text.template.Span;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the token that ends a turn. */
final class EndOfTurn {
  private final Rendered rendered;
  private final String text;
  private final Set<String> tokens;

  EndOfTurn(Rendered rendered, Set<String> tokens) {
    this.rendered = rendered;
    this.text = rendered.text();
    this.tokens = tokens;
  }

  /**
   * The index after the first end-of-turn token that follows the turn's last own character.
   *
   * @return -1 when there is none before {@code limit}
   */
  int after(int start, int last, int limit) {
    int from = last;
    while (from < limit) {
      int at = -1;
      String found = "";
      for (String token : tokens) {
        int index = text.indexOf(token, from);
        boolean fits = index >= 0 && index + token.length() <= limit;
        boolean better = at < 0 || index < at || (index == at && token.length() > found.length());
        if (fits && better) {
          at = index;
          found = token;
        }
      }
      if (at < 0) {
        return -1;
      }
      if (!closesInner(found, start, at)) {
        return at + found.length();
      }
      from = at + found.length();
    }
    return -1;
  }

  /**
   * The end of a generation block with its end-of-turn token, which is the last thing in it or the
   * first after it; without white space behind it.
   *
   * @return -1 when there is none
   */
  int ofBlock(CharRange block) {
    int inside = skipBack(block.start(), block.end());
    for (String token : tokens) {
      if (inside - token.length() >= block.start()
          && text.startsWith(token, inside - token.length())) {
        return inside;
      }
    }
    int behind = block.end();
    while (behind < text.length() && Character.isWhitespace(text.charAt(behind))) {
      behind++;
    }
    int end = -1;
    for (String token : tokens) {
      if (text.startsWith(token, behind)) {
        end = Math.max(end, behind + token.length());
      }
    }
    return end;
  }

  private int skipBack(int from, int to) {
    int end = to;
    while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /**
   * Whether a token closes something the template opened inside the turn, as {@code </tool_call>}
   * does: then the turn goes on after it.
   */
  private boolean closesInner(String token, int start, int at) {
    int opened = 0;
    for (String opener : openers(token)) {
      opened += count(opener, start, at);
    }
    return opened > count(token, start, at);
  }

  private static List<String> openers(String token) {
    if (token.startsWith("</")) {
      String name = token.substring(2);
      return List.of("<" + name, "<" + name.replace(">", " "));
    }
    if (token.startsWith("[/")) {
      return List.of("[" + token.substring(2));
    }
    return token.contains("end")
        ? List.of(token.replace("end", "begin"), token.replace("end", "start"))
        : List.of();
  }

  /** How often the template itself wrote a token. */
  private int count(String token, int from, int to) {
    int count = 0;
    int at = text.indexOf(token, from);
    while (at >= 0 && at < to) {
      if (spanOver(at) == null) {
        count++;
      }
      at = text.indexOf(token, at + 1);
    }
    return count;
  }

  private @Nullable Span spanOver(int index) {
    for (Span span : rendered.spans()) {
      if (span.start() <= index && index < span.end()) {
        return span;
      }
    }
    return null;
  }
}
