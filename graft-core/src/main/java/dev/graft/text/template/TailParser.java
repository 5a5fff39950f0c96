package dev.graft.text.template;

import java.util.ArrayList;
import java.util.List;

/** Reads what follows a value: attributes, subscripts, calls, filters and tests. */
final class TailParser {
  private final TokenStream in;
  private final ExprParser expressions;

  TailParser(TokenStream in, ExprParser expressions) {
    this.in = in;
    this.expressions = expressions;
  }

  Expr postfix(Expr start) {
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

  private Expr.Call call(Expr function) {
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
      if (name.kind() == Token.Kind.NUMBER && ExprParser.literal(name) instanceof Value.Int index) {
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
    Expr from = in.atSign(":") ? null : expressions.expression();
    if (from != null && !in.atSign(":")) {
      return from;
    }
    in.expectSign(":");
    Expr to = atSliceEnd() ? null : expressions.expression();
    Expr step = null;
    if (in.skipSign(":") && !atSliceEnd()) {
      step = expressions.expression();
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
    Expr argument = postfix(expressions.primary());
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
        star = expressions.expression();
      } else if (in.atSign("**")) {
        ensure(doubleStar == null, begin);
        in.take();
        doubleStar = expressions.expression();
      } else if (in.current().kind() == Token.Kind.NAME && in.lookAhead().isSign("=")) {
        ensure(doubleStar == null && !names.contains(in.current().text()), begin);
        names.add(in.take().text());
        in.take();
        named.add(expressions.expression());
      } else {
        ensure(star == null && doubleStar == null && names.isEmpty(), begin);
        positional.add(expressions.expression());
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
