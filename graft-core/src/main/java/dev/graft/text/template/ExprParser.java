package dev.graft.text.template;

import dev.graft.text.template.Expr.BinaryOp;
import dev.graft.text.template.Expr.CompareOp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions, with the precedence of Jinja. */
final class ExprParser {
  private final TokenStream in;
  private final TailParser tails;

  ExprParser(TokenStream in) {
    this.in = in;
    this.tails = new TailParser(in, this);
  }

  /** What follows a value: attributes, calls, filters and tests. */
  TailParser tails() {
    return tails;
  }

  /** A whole expression, the conditional included. */
  Expr expression() {
    in.enter();
    int line = in.line();
    int mark = in.unknownMark();
    Expr value = or();
    while (in.skipName("if")) {
      Expr test = or();
      Expr otherwise = in.skipName("else") ? expression() : null;
      value = new Expr.Conditional(line, test, value, otherwise);
      in.forgiveUnknownSince(mark);
      line = in.line();
    }
    in.leave();
    return value;
  }

  /** One expression, or a tuple without brackets. */
  Expr tuple(boolean conditional, @Nullable String endName) {
    return tuple(conditional, endName, false);
  }

  private Expr tuple(boolean conditional, @Nullable String endName, boolean bracketed) {
    int line = in.line();
    var items = new ArrayList<Expr>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        in.expectSign(",");
      }
      if (atTupleEnd(endName)) {
        break;
      }
      items.add(conditional ? expression() : or());
      if (!in.atSign(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && !items.isEmpty()) {
      return items.getFirst();
    }
    if (!isTuple && !bracketed) {
      throw in.error("expected an expression, got " + in.current().describe());
    }
    return new Expr.Sequence(line, items, true);
  }

  private boolean atTupleEnd(@Nullable String endName) {
    return switch (in.current().kind()) {
      case VARIABLE_END, BLOCK_END -> true;
      case SIGN -> in.atSign(")");
      case NAME -> endName != null && in.atName(endName);
      default -> false;
    };
  }

  private Expr or() {
    Expr left = and();
    while (in.atName("or")) {
      int line = in.take().line();
      left = new Expr.Logic(line, false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (in.atName("and")) {
      int line = in.take().line();
      left = new Expr.Logic(line, true, left, not());
    }
    return left;
  }

  private Expr not() {
    if (!in.atName("not")) {
      return comparison();
    }
    in.enter();
    int line = in.take().line();
    Expr negated = new Expr.Unary(line, Expr.UnaryOp.NOT, not());
    in.leave();
    return negated;
  }

  private Expr comparison() {
    int line = in.line();
    Expr first = sum();
    var ops = new ArrayList<CompareOp>();
    var rest = new ArrayList<Expr>();
    for (CompareOp op = compareOp(); op != null; op = compareOp()) {
      ops.add(op);
      rest.add(sum());
    }
    return ops.isEmpty() ? first : new Expr.Compare(line, first, ops, rest);
  }

  /** Takes the comparison sign that comes next, if one does. */
  private @Nullable CompareOp compareOp() {
    Token token = in.current();
    CompareOp op = null;
    if (token.kind() == Token.Kind.SIGN) {
      op =
          switch (token.text()) {
            case "==" -> CompareOp.EQUAL;
            case "!=" -> CompareOp.NOT_EQUAL;
            case "<" -> CompareOp.LESS;
            case "<=" -> CompareOp.LESS_OR_EQUAL;
            case ">" -> CompareOp.GREATER;
            case ">=" -> CompareOp.GREATER_OR_EQUAL;
            default -> null;
          };
    } else if (token.isName("in")) {
      op = CompareOp.IN;
    } else if (token.isName("not") && in.lookAhead().isName("in")) {
      in.take();
      op = CompareOp.NOT_IN;
    }
    if (op != null) {
      in.take();
    }
    return op;
  }

  private Expr sum() {
    Expr left = concat();
    while (in.atSign("+") || in.atSign("-")) {
      Token sign = in.take();
      var op = sign.isSign("+") ? BinaryOp.ADD : BinaryOp.SUBTRACT;
      left = new Expr.Binary(sign.line(), op, left, concat());
    }
    return left;
  }

  private Expr concat() {
    int line = in.line();
    Expr first = product();
    if (!in.atSign("~")) {
      return first;
    }
    var parts = new ArrayList<Expr>(List.of(first));
    while (in.skipSign("~")) {
      parts.add(product());
    }
    return new Expr.Concat(line, parts);
  }

  private Expr product() {
    Expr left = power();
    while (true) {
      Token sign = in.current();
      BinaryOp op =
          sign.kind() != Token.Kind.SIGN
              ? null
              : switch (sign.text()) {
                case "*" -> BinaryOp.MULTIPLY;
                case "/" -> BinaryOp.DIVIDE;
                case "//" -> BinaryOp.FLOOR_DIVIDE;
                case "%" -> BinaryOp.MODULO;
                default -> null;
              };
      if (op == null) {
        return left;
      }
      in.take();
      left = new Expr.Binary(sign.line(), op, left, power());
    }
  }

  private Expr power() {
    Expr left = unary(true);
    while (in.atSign("**")) {
      int line = in.take().line();
      left = new Expr.Binary(line, BinaryOp.POWER, left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    in.enter();
    int line = in.line();
    Expr value;
    if (in.skipSign("-")) {
      value = new Expr.Unary(line, Expr.UnaryOp.MINUS, unary(false));
    } else if (in.skipSign("+")) {
      value = new Expr.Unary(line, Expr.UnaryOp.PLUS, unary(false));
    } else {
      value = primary();
    }
    value = tails.postfix(value);
    if (withFilters) {
      value = tails.filtersAndTests(value);
    }
    in.leave();
    return value;
  }

  Expr primary() {
    Token token = in.current();
    switch (token.kind()) {
      case NAME -> {
        in.take();
        return name(token);
      }
      case STRING -> {
        return string();
      }
      case NUMBER -> {
        in.take();
        return new Expr.Const(token.line(), literal(token));
      }
      case SIGN -> {
        if (in.skipSign("(")) {
          Expr inner = tuple(true, null, true);
          in.expectSign(")");
          return inner;
        }
        if (token.isSign("[")) {
          return list();
        }
        if (token.isSign("{")) {
          return mapping();
        }
      }
      default -> {}
    }
    throw in.error("unexpected " + token.describe());
  }

  static Value literal(Token token) {
    Value value = token.value();
    if (value == null) {
      throw new IllegalStateException("a literal without a value");
    }
    return value;
  }

  private Expr name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expr.Const(token.line(), Value.Bool.TRUE);
      case "false", "False" -> new Expr.Const(token.line(), Value.Bool.FALSE);
      case "none", "None" -> new Expr.Const(token.line(), Value.None.NONE);
      default -> {
        in.noteName(token.text());
        yield new Expr.Name(token.line(), token.text());
      }
    };
  }

  private Expr string() {
    int line = in.line();
    var all = new StringBuilder();
    while (in.current().kind() == Token.Kind.STRING) {
      all.append(((Text) literal(in.take())).string);
    }
    return new Expr.Const(line, Text.of(all.toString()));
  }

  private Expr list() {
    int line = in.expectSign("[").line();
    var items = new ArrayList<Expr>();
    while (!in.atSign("]")) {
      if (!items.isEmpty()) {
        in.expectSign(",");
      }
      if (in.atSign("]")) {
        break;
      }
      items.add(expression());
    }
    in.expectSign("]");
    return new Expr.Sequence(line, items, false);
  }

  private Expr mapping() {
    int line = in.expectSign("{").line();
    var keys = new ArrayList<Expr>();
    var values = new ArrayList<Expr>();
    while (!in.atSign("}")) {
      if (!keys.isEmpty()) {
        in.expectSign(",");
      }
      if (in.atSign("}")) {
        break;
      }
      keys.add(expression());
      in.expectSign(":");
      values.add(expression());
    }
    in.expectSign("}");
    return new Expr.Mapping(line, keys, values);
  }
}
