package dev.graft.text.template;

import dev.graft.text.template.Stmt.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the statements of a template. */
final class Parser {
  private static final Set<String> CONSTANTS =
      Set.of("true", "false", "none", "True", "False", "None");

  private final TokenStream in;
  private final ExprParser expressions;
  private final Map<String, Stmt.Block> blocks = new HashMap<>();
  private int loops;

  private Parser(TokenStream in) {
    this.in = in;
    this.expressions = new ExprParser(in);
  }

  static List<Stmt> parse(List<Token> tokens, int maxNesting) {
    var in = new TokenStream(tokens, maxNesting);
    var parser = new Parser(in);
    List<Stmt> body = parser.statements();
    in.refuseUnknownSince(0);
    if (!parser.blocks.isEmpty()) {
      body.addFirst(new Stmt.Blocks(1, parser.blocks));
    }
    return body;
  }

  /** Statements up to the end, or up to a tag of one of these names, which is left to be read. */
  private List<Stmt> statements(String... ends) {
    var out = new ArrayList<Stmt>();
    while (true) {
      Token token = in.current();
      switch (token.kind()) {
        case END -> {
          if (ends.length > 0) {
            throw in.error("unexpected end of the template: expected '" + ends[0] + "'");
          }
          return out;
        }
        case DATA -> {
          in.take();
          out.add(new Stmt.Data(token.line(), Text.of(token.text())));
        }
        case VARIABLE_BEGIN -> {
          in.take();
          out.add(new Stmt.Print(token.line(), expressions.tuple(true, null)));
          in.expect(Token.Kind.VARIABLE_END, "'}}'");
        }
        default -> {
          in.take();
          if (in.current().kind() == Token.Kind.NAME
              && List.of(ends).contains(in.current().text())) {
            return out;
          }
          out.addAll(statement());
          in.expect(Token.Kind.BLOCK_END, "'%}'");
        }
      }
    }
  }

  /** The body of a block whose tag has been read up to its closing sign. */
  private List<Stmt> body(String... ends) {
    in.skipSign(":");
    in.expect(Token.Kind.BLOCK_END, "'%}'");
    in.enter();
    List<Stmt> out = statements(ends);
    in.leave();
    return out;
  }

  private List<Stmt> bodyUntil(String end) {
    List<Stmt> out = body(end);
    in.take();
    return out;
  }

  /** A body with variables of its own: unknown filters in it are errors at once. */
  private <T> T hard(Supplier<T> read) {
    int mark = in.unknownMark();
    T result = read.get();
    in.refuseUnknownSince(mark);
    return result;
  }

  /** A body that is a function: loops around it cannot be left from inside. */
  private <T> T function(Supplier<T> read) {
    int outer = loops;
    loops = 0;
    T result = hard(read);
    loops = outer;
    return result;
  }

  private List<Stmt> statement() {
    Token tag = in.expect(Token.Kind.NAME, "the name of a tag");
    int line = tag.line();
    return switch (tag.text()) {
      case "for" -> List.of(forLoop(line));
      case "if" -> List.of(condition(line));
      case "set" -> List.of(assignment(line));
      case "macro" -> List.of(macro(line));
      case "call" -> List.of(callBlock(line));
      case "filter" -> List.of(filterBlock(line));
      case "with" -> List.of(with(line));
      case "block" -> List.of(block(line));
      case "autoescape" -> {
        Expr on = expressions.expression();
        yield List.of(new Stmt.AutoEscape(line, on, hard(() -> bodyUntil("endautoescape"))));
      }
      case "print" -> print(line);
      case "generation" ->
          List.of(new Stmt.Generation(line, function(() -> bodyUntil("endgeneration"))));
      case "break", "continue" -> List.of(leave(tag));
      case "include", "import", "from", "extends" -> List.of(unavailable(tag));
      default -> throw new TemplateException("Encountered unknown tag '" + tag.text() + "'.", line);
    };
  }

  private Stmt leave(Token tag) {
    if (loops == 0) {
      throw new TemplateException("'" + tag.text() + "' outside a loop", tag.line());
    }
    return tag.isName("break") ? new Stmt.Break(tag.line()) : new Stmt.Continue(tag.line());
  }

  private Stmt unavailable(Token tag) {
    while (in.current().kind() != Token.Kind.BLOCK_END && in.current().kind() != Token.Kind.END) {
      in.take();
    }
    return new Stmt.Unavailable(tag.line(), tag.text());
  }

  private List<Stmt> print(int line) {
    var out = new ArrayList<Stmt>();
    while (in.current().kind() != Token.Kind.BLOCK_END) {
      if (!out.isEmpty()) {
        in.expectSign(",");
      }
      out.add(new Stmt.Print(line, expressions.expression()));
    }
    return out;
  }

  private Stmt forLoop(int line) {
    Target target = target("in", false);
    if (target instanceof Target.Variable variable && variable.name().equals("loop")) {
      throw new TemplateException("Can't assign to special loop variable in for-loop", line);
    }
    in.expectName("in");
    Expr iterable = expressions.tuple(false, "recursive");
    Expr filter = in.skipName("if") ? hard(expressions::expression) : null;
    boolean recursive = in.skipName("recursive");
    loops++;
    List<Stmt> body = hard(() -> body("endfor", "else"));
    loops--;
    List<Stmt> otherwise = in.take().isName("else") ? hard(() -> bodyUntil("endfor")) : List.of();
    return new Stmt.For(line, target, iterable, filter, recursive, body, otherwise);
  }

  private Stmt condition(int line) {
    int mark = in.unknownMark();
    var branches = new ArrayList<Stmt.Branch>();
    List<Stmt> otherwise = List.of();
    while (true) {
      Expr test = expressions.tuple(false, null);
      branches.add(new Stmt.Branch(test, body("endif", "else", "elif")));
      Token next = in.take();
      if (next.isName("elif")) {
        continue;
      }
      if (next.isName("else")) {
        otherwise = bodyUntil("endif");
      }
      in.forgiveUnknownSince(mark);
      return new Stmt.If(line, branches, otherwise);
    }
  }

  private Stmt assignment(int line) {
    Target target = target(null, true);
    if (in.skipSign("=")) {
      return new Stmt.Set(line, target, expressions.tuple(true, null));
    }
    Expr filtered = expressions.tails().filterChain(new Expr.Captured(line));
    return new Stmt.SetBlock(line, target, filtered, hard(() -> bodyUntil("endset")));
  }

  private Stmt filterBlock(int line) {
    Expr filtered =
        expressions.tails().filterChain(expressions.tails().filter(new Expr.Captured(line)));
    return new Stmt.FilterBlock(line, filtered, hard(() -> bodyUntil("endfilter")));
  }

  private Stmt macro(int line) {
    String name = variableName();
    var parameters = new ArrayList<String>();
    List<@Nullable Expr> defaults = signature(parameters);
    var macro = function(() -> macroBody(name, parameters, defaults, "endmacro"));
    return new Stmt.MacroDefinition(line, macro);
  }

  private Stmt callBlock(int line) {
    var parameters = new ArrayList<String>();
    List<@Nullable Expr> defaults = in.atSign("(") ? signature(parameters) : List.of();
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw new TemplateException("expected call", line);
    }
    var caller = function(() -> macroBody("caller", parameters, defaults, "endcall"));
    return new Stmt.CallBlock(line, call, caller);
  }

  private Stmt.MacroBody macroBody(
      String name, List<String> parameters, List<@Nullable Expr> defaults, String end) {
    in.beginMacro();
    List<Stmt> body = bodyUntil(end);
    Set<String> used = in.endMacro();
    boolean explicitCaller = parameters.contains("caller");
    if (explicitCaller
        && used.contains("caller")
        && defaults.get(parameters.indexOf("caller")) == null) {
      throw in.error("a macro's parameter 'caller' needs a default");
    }
    return new Stmt.MacroBody(
        name,
        List.copyOf(parameters),
        defaults,
        body,
        used.contains("varargs"),
        used.contains("kwargs"),
        used.contains("caller") && !explicitCaller);
  }

  private List<@Nullable Expr> signature(List<String> parameters) {
    var defaults = new ArrayList<@Nullable Expr>();
    boolean optional = false;
    in.expectSign("(");
    while (!in.atSign(")")) {
      if (!parameters.isEmpty()) {
        in.expectSign(",");
      }
      parameters.add(variableName());
      if (in.skipSign("=")) {
        defaults.add(expressions.expression());
        optional = true;
      } else if (optional) {
        throw in.error("non-default argument follows default argument");
      } else {
        defaults.add(null);
      }
    }
    in.expectSign(")");
    return defaults;
  }

  private Stmt with(int line) {
    var targets = new ArrayList<Target>();
    var values = new ArrayList<Expr>();
    while (in.current().kind() != Token.Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        in.expectSign(",");
      }
      targets.add(target(null, false));
      in.expectSign("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(line, targets, values, hard(() -> bodyUntil("endwith")));
  }

  private Stmt block(int line) {
    String name = in.expect(Token.Kind.NAME, "the name of the block").text();
    boolean scoped = in.skipName("scoped");
    in.skipName("required");
    List<Stmt> body = function(() -> bodyUntil("endblock"));
    in.skipName(name);
    var block = new Stmt.Block(line, name, scoped, body);
    if (blocks.put(name, block) != null) {
      throw new TemplateException("block '" + name + "' defined twice", line);
    }
    return block;
  }

  private String variableName() {
    Token token = in.expect(Token.Kind.NAME, "a name");
    return checkedVariable(token);
  }

  private String checkedVariable(Token token) {
    if (CONSTANTS.contains(token.text())) {
      throw new TemplateException("can't assign to '" + token.text() + "'", token.line());
    }
    return token.text();
  }

  /** A variable, {@code namespace.field} where allowed, or several of them. */
  private Target target(@Nullable String endName, boolean fields) {
    in.enter();
    var all = new ArrayList<Target>();
    boolean several = false;
    while (true) {
      boolean end = in.atSign(")") || in.atSign("=") || (endName != null && in.atName(endName));
      if (several && end) {
        break;
      }
      all.add(singleTarget(fields));
      if (!in.skipSign(",")) {
        break;
      }
      several = true;
    }
    in.leave();
    return several ? new Target.Several(all) : all.getFirst();
  }

  private Target singleTarget(boolean fields) {
    if (in.skipSign("(")) {
      Target inner = target(null, false);
      in.expectSign(")");
      return inner;
    }
    Token token = in.expect(Token.Kind.NAME, "a name to assign to");
    if (fields && in.skipSign(".")) {
      return new Target.Field(token.text(), in.expect(Token.Kind.NAME, "a name").text());
    }
    return new Target.Variable(checkedVariable(token));
  }
}
