package dev.graft.text.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a compiled template. */
sealed interface Expr {
  /** The line of the template, counted from one. */
  int line();

  record Const(int line, Value value) implements Expr {}

  record Name(int line, String name) implements Expr {}

  /** What a block captured, for the filters that are applied to it. */
  record Captured(int line) implements Expr {}

  record Sequence(int line, List<Expr> items, boolean tuple) implements Expr {}

  record Mapping(int line, List<Expr> keys, List<Expr> values) implements Expr {}

  record Unary(int line, UnaryOp op, Expr operand) implements Expr {}

  record Binary(int line, BinaryOp op, Expr left, Expr right) implements Expr {}

  record Logic(int line, boolean and, Expr left, Expr right) implements Expr {}

  record Compare(int line, Expr first, List<CompareOp> ops, List<Expr> rest) implements Expr {}

  record Concat(int line, List<Expr> parts) implements Expr {}

  record Conditional(int line, Expr test, Expr then, @Nullable Expr otherwise) implements Expr {}

  record Attribute(int line, Expr target, String name) implements Expr {}

  record Item(int line, Expr target, Expr key) implements Expr {}

  record Slice(int line, @Nullable Expr from, @Nullable Expr to, @Nullable Expr step)
      implements Expr {}

  record Call(int line, Expr function, Arguments arguments) implements Expr {}

  /** {@code filter} is null for a name nobody defined: an error when it is reached. */
  record FilterCall(
      int line, Expr subject, String name, @Nullable Filter filter, Arguments arguments)
      implements Expr {}

  record TestCall(int line, Expr subject, String name, @Nullable Filter test, Arguments arguments)
      implements Expr {}

  enum UnaryOp {
    NOT,
    MINUS,
    PLUS
  }

  enum BinaryOp {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    final String sign;

    BinaryOp(String sign) {
      this.sign = sign;
    }
  }

  enum CompareOp {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    IN,
    NOT_IN
  }

  /** The arguments written at a call. */
  record Arguments(
      List<Expr> positional,
      List<String> names,
      List<Expr> named,
      @Nullable Expr star,
      @Nullable Expr doubleStar) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of(), null, null);

    boolean isEmpty() {
      return positional.isEmpty() && names.isEmpty() && star == null && doubleStar == null;
    }
  }
}
