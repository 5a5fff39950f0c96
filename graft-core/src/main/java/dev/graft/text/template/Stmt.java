package dev.graft.text.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A statement of a compiled template. */
sealed interface Stmt {
  /** The line of the template, counted from one. */
  int line();

  record Data(int line, Text text) implements Stmt {}

  record Print(int line, Expr value) implements Stmt {}

  record For(
      int line,
      Target target,
      Expr iterable,
      @Nullable Expr filter,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise)
      implements Stmt {}

  record If(int line, List<Branch> branches, List<Stmt> otherwise) implements Stmt {}

  record Branch(Expr test, List<Stmt> body) {}

  record Set(int line, Target target, Expr value) implements Stmt {}

  /** {@code filtered} is the captured text itself or filters over it. */
  record SetBlock(int line, Target target, Expr filtered, List<Stmt> body) implements Stmt {}

  record FilterBlock(int line, Expr filtered, List<Stmt> body) implements Stmt {}

  record MacroDefinition(int line, MacroBody macro) implements Stmt {}

  record CallBlock(int line, Expr.Call call, MacroBody caller) implements Stmt {}

  record With(int line, List<Target> targets, List<Expr> values, List<Stmt> body) implements Stmt {}

  record Generation(int line, List<Stmt> body) implements Stmt {}

  record Block(int line, String name, boolean scoped, List<Stmt> body) implements Stmt {}

  /** What {@code self} holds; stands before everything in a template with blocks. */
  record Blocks(int line, Map<String, Block> byName) implements Stmt {}

  record AutoEscape(int line, Expr on, List<Stmt> body) implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}

  /** A statement that needs other templates; there are none. */
  record Unavailable(int line, String name) implements Stmt {}

  /**
   * A macro or the body of a call block.
   *
   * @param defaults as many as there are parameters, null where there is none
   */
  record MacroBody(
      String name,
      List<String> parameters,
      List<@Nullable Expr> defaults,
      List<Stmt> body,
      boolean usesVarargs,
      boolean usesKwargs,
      boolean usesCaller) {
    /** Whether it is the body of a call block; a macro named so is called by its name. */
    boolean anonymous() {
      return name.equals("caller");
    }
  }

  /** What an assignment assigns to. */
  sealed interface Target {
    record Variable(String name) implements Target {}

    record Field(String namespace, String name) implements Target {}

    record Several(List<Target> targets) implements Target {}
  }
}
