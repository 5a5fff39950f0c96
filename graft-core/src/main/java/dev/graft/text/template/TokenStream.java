package dev.graft.text.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tokens of a template with what both parsers keep track of while they read them. */
final class TokenStream {
  private final List<Token> tokens;
  private final int maxNesting;
  private int next;
  private int nesting;
  private final List<TemplateException> unknown = new ArrayList<>();
  private final Deque<Set<String>> macroNames = new ArrayDeque<>();

  TokenStream(List<Token> tokens, int maxNesting) {
    this.tokens = tokens;
    this.maxNesting = maxNesting;
  }

  Token current() {
    return tokens.get(next);
  }

  Token lookAhead() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Token.Kind.END) {
      next++;
    }
    return token;
  }

  int line() {
    return current().line();
  }

  boolean atSign(String sign) {
    return current().isSign(sign);
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  boolean skipSign(String sign) {
    boolean there = atSign(sign);
    if (there) {
      next++;
    }
    return there;
  }

  boolean skipName(String name) {
    boolean there = atName(name);
    if (there) {
      next++;
    }
    return there;
  }

  Token expectSign(String sign) {
    if (!atSign(sign)) {
      throw error("expected '" + sign + "', got " + current().describe());
    }
    return take();
  }

  Token expectName(String name) {
    if (!atName(name)) {
      throw error("expected '" + name + "', got " + current().describe());
    }
    return take();
  }

  Token expect(Token.Kind kind, String what) {
    if (current().kind() != kind) {
      throw error("expected " + what + ", got " + current().describe());
    }
    return take();
  }

  TemplateException error(String what) {
    return new TemplateException(what, line());
  }

  void enter() {
    if (++nesting > maxNesting) {
      throw error("nested more than " + maxNesting + " levels deep");
    }
  }

  void leave() {
    nesting--;
  }

  /**
   * Notes a filter or test that does not exist. Jinja refuses such a template when it is compiled,
   * unless the name stands in an {@code if}: then it is an error only when it is reached.
   */
  void noteUnknown(TemplateException error) {
    unknown.add(error);
  }

  int unknownMark() {
    return unknown.size();
  }

  void forgiveUnknownSince(int mark) {
    unknown.subList(mark, unknown.size()).clear();
  }

  void refuseUnknownSince(int mark) {
    if (unknown.size() > mark) {
      throw unknown.get(mark);
    }
  }

  /** Starts to note which of the special names of a macro are read. */
  void beginMacro() {
    macroNames.push(new HashSet<>());
  }

  Set<String> endMacro() {
    return macroNames.pop();
  }

  void noteName(String name) {
    if (name.equals("varargs") || name.equals("kwargs") || name.equals("caller")) {
      macroNames.forEach(names -> names.add(name));
    }
  }
}
