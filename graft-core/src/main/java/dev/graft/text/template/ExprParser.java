package dev.graft.text.template;

import dev.graft.text.template.Expr.BinaryOp;
import dev.graft.text.template.Expr.CompareOp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions, with the precedence of Jinja. */
final class ExprParser {
  private final TokenStream in;

  ExprParser(TokenStream in) {
    this.in = in;
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
    value = postfix(value);
    if (withFilters) {
      value = filtersAndTests(value);
    }
    in.leave();
    return value;
  }

  private Expr primary() {
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

  private static Value literal(Token token) {
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

  private Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      if (in.atSign(".") || in.atSign("[")) {
        value = subscript(value);
      } else if (in.atSign("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  Expr.Call call(Expr function) {
    int line = in.line();
    return new Expr.Call(line, function, arguments());
  }

  private Expr subscript(Expr target) {
    Token sign = in.take();
    if (sign.isSign(".")) {
      Token name = in.take();
      if (name.kind() == Token.Kind.NAME) {
        return new Expr.Attribute(sign.line(), target, name.text());
      }
      if (name.kind() == Token.Kind.NUMBER && literal(name) instanceof Value.Int index) {
        return new Expr.Item(sign.line(), target, new Expr.Const(name.line(), index));
      }
      throw new TemplateException("expected a name or a number after '.'", name.line());
    }
    var keys = new ArrayList<Expr>();
    while (!in.atSign("]")) {
      if (!keys.isEmpty()) {
        in.expectSign(",");
      }
      keys.add(subscriptKey());
    }
    in.expectSign("]");
    Expr key = keys.size() == 1 ? keys.getFirst() : new Expr.Sequence(sign.line(), keys, true);
    return new Expr.Item(sign.line(), target, key);
  }

  private Expr subscriptKey() {
    int line = in.line();
    Expr from = in.atSign(":") ? null : expression();
    if (from != null && !in.atSign(":")) {
      return from;
    }
    in.expectSign(":");
    Expr to = atSliceEnd() ? null : expression();
    Expr step = null;
    if (in.skipSign(":") && !atSliceEnd()) {
      step = expression();
    }
    return new Expr.Slice(line, from, to, step);
  }

  private boolean atSliceEnd() {
    return in.atSign(":") || in.atSign("]") || in.atSign(",");
  }

  Expr filtersAndTests(Expr start) {
    Expr value = start;
    while (true) {
      if (in.skipSign("|")) {
        value = filter(value);
      } else if (in.atName("is")) {
        value = test(value);
      } else if (in.atSign("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  /** The filters after a block tag: {@code {% set x | upper %}}. */
  Expr filterChain(Expr start) {
    Expr value = start;
    while (in.skipSign("|")) {
      value = filter(value);
    }
    return value;
  }

  /** A filter from its name on. */
  Expr filter(Expr subject) {
    int line = in.line();
    String name = dottedName("the name of a filter");
    Filter filter = Filters.ALL.get(name);
    if (filter == null) {
      in.noteUnknown(new TemplateException("No filter named '" + name + "'.", line));
    }
    Expr.Arguments arguments = in.atSign("(") ? arguments() : Expr.Arguments.NONE;
    return new Expr.FilterCall(line, subject, name, filter, arguments);
  }

  private String dottedName(String what) {
    String name = in.expect(Token.Kind.NAME, what).text();
    while (in.skipSign(".")) {
      name += "." + in.expect(Token.Kind.NAME, what).text();
    }
    return name;
  }

  private Expr test(Expr subject) {
    int line = in.expectName("is").line();
    boolean negated = in.skipName("not");
    String name = dottedName("the name of a test");
    Filter test = Tests.ALL.get(name);
    if (test == null) {
      in.noteUnknown(new TemplateException("No test named '" + name + "'.", line));
    }
    Expr result = new Expr.TestCall(line, subject, name, test, testArguments());
    return negated ? new Expr.Unary(line, Expr.UnaryOp.NOT, result) : result;
  }

  private Expr.Arguments testArguments() {
    if (in.atSign("(")) {
      return arguments();
    }
    boolean operand =
        switch (in.current().kind()) {
          case NAME -> !in.atName("else") && !in.atName("or") && !in.atName("and");
          case STRING, NUMBER -> true;
          default -> in.atSign("[") || in.atSign("{");
        };
    if (!operand) {
      return Expr.Arguments.NONE;
    }
    if (in.atName("is")) {
      throw in.error("You cannot chain multiple tests with is");
    }
    Expr argument = postfix(primary());
    return new Expr.Arguments(List.of(argument), List.of(), List.of(), null, null);
  }

  private Expr.Arguments arguments() {
    Token begin = in.expectSign("(");
    var positional = new ArrayList<Expr>();
    var names = new ArrayList<String>();
    var named = new ArrayList<Expr>();
    Expr star = null;
    Expr doubleStar = null;
    boolean comma = false;
    while (!in.atSign(")")) {
      if (comma) {
        in.expectSign(",");
        if (in.atSign(")")) {
          break;
        }
      }
      comma = true;
      if (in.atSign("*")) {
        ensure(star == null && doubleStar == null, begin);
        in.take();
        star = expression();
      } else if (in.atSign("**")) {
        ensure(doubleStar == null, begin);
        in.take();
        doubleStar = expression();
      } else if (in.current().kind() == Token.Kind.NAME && in.lookAhead().isSign("=")) {
        ensure(doubleStar == null && !names.contains(in.current().text()), begin);
        names.add(in.take().text());
        in.take();
        named.add(expression());
      } else {
        ensure(star == null && doubleStar == null && names.isEmpty(), begin);
        positional.add(expression());
      }
    }
    in.expectSign(")");
    return new Expr.Arguments(positional, names, named, star, doubleStar);
  }

  private static void ensure(boolean fits, Token begin) {
    if (!fits) {
      throw new TemplateException("invalid syntax for function call expression", begin.line());
    }
  }
}
