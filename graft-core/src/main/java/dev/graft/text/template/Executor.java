package dev.graft.text.template;

import dev.graft.text.template.Stmt.Target;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Runs the statements of a template. */
final class Executor {
  /** How a body ended. */
  enum Signal {
    NEXT,
    BREAK,
    CONTINUE
  }

  final Context context;
  final Evaluator evaluator;
  private final Scope root = new Scope(null);
  private boolean escapes;

  Executor(Context context, Map<String, Value> variables) {
    this.context = context;
    this.evaluator = new Evaluator(context, variables);
  }

  TextBuilder run(List<Stmt> template) {
    var out = new TextBuilder(context);
    body(template, root, out);
    return out;
  }

  Signal body(List<Stmt> statements, Scope scope, TextBuilder out) {
    context.enter();
    Signal signal = Signal.NEXT;
    for (int i = 0; i < statements.size() && signal == Signal.NEXT; i++) {
      signal = statement(statements.get(i), scope, out);
    }
    context.leave();
    return signal;
  }

  private Signal statement(Stmt statement, Scope scope, TextBuilder out) {
    context.step();
    try {
      return switch (statement) {
        case Stmt.Data data -> {
          out.append(data.text());
          yield Signal.NEXT;
        }
        case Stmt.Print print -> {
          out.append(escaped(Repr.str(context, evaluator.eval(print.value(), scope))));
          yield Signal.NEXT;
        }
        case Stmt.Set set -> {
          assign(set.target(), evaluator.eval(set.value(), scope), scope);
          yield Signal.NEXT;
        }
        case Stmt.If condition -> condition(condition, scope, out);
        case Stmt.For loop -> loop(loop, scope, out);
        case Stmt.Break b -> Signal.BREAK;
        case Stmt.Continue c -> Signal.CONTINUE;
        default -> block(statement, scope, out);
      };
    } catch (TemplateException e) {
      throw e.at(statement.line());
    }
  }

  private Signal block(Stmt statement, Scope scope, TextBuilder out) {
    return switch (statement) {
      case Stmt.SetBlock set -> setBlock(set, scope);
      case Stmt.FilterBlock filter -> filterBlock(filter, scope, out);
      case Stmt.MacroDefinition definition -> {
        scope.set(definition.macro().name(), new Macro(this, definition.macro(), scope));
        yield Signal.NEXT;
      }
      case Stmt.CallBlock call -> {
        var caller = new Macro(this, call.caller(), scope);
        Value result = evaluator.call(call.call(), scope, caller);
        out.append(escaped(Repr.str(context, result)));
        yield Signal.NEXT;
      }
      case Stmt.AutoEscape auto -> {
        boolean before = escapes;
        escapes = evaluator.truth(auto.on(), scope);
        Signal signal = body(auto.body(), new Scope(scope), out);
        escapes = before;
        yield signal;
      }
      case Stmt.Blocks blocks -> {
        root.set("self", new SelfBlocks(this, blocks.byName()));
        yield Signal.NEXT;
      }
      case Stmt.With with -> with(with, scope, out);
      case Stmt.Generation generation -> {
        int before = out.enterGeneration(context.nextGeneration());
        body(generation.body(), new Scope(scope), out);
        out.enterGeneration(before);
        yield Signal.NEXT;
      }
      case Stmt.Block b -> block(b, scope, out);
      case Stmt.Unavailable u ->
          throw new TemplateException("'" + u.name() + "' needs other templates; there are none");
      default -> throw new IllegalStateException("not a block: " + statement);
    };
  }

  private Signal block(Stmt.Block block, Scope scope, TextBuilder out) {
    return body(block.body(), new Scope(block.scoped() ? scope : root), out);
  }

  /** What {@code self.NAME()} gives. */
  Text block(Stmt.Block block) {
    context.enter();
    var out = new TextBuilder(context);
    body(block.body(), new Scope(root), out);
    context.leave();
    return captured(out);
  }

  private Text escaped(Text text) {
    return escapes ? Escaping.escape(context, text) : text;
  }

  /** Text that was made where output is escaped must not be escaped again. */
  Text captured(TextBuilder out) {
    return out.toText().withMarkup(escapes);
  }

  private Signal condition(Stmt.If condition, Scope scope, TextBuilder out) {
    for (Stmt.Branch branch : condition.branches()) {
      if (evaluator.truth(branch.test(), scope)) {
        return body(branch.body(), scope, out);
      }
    }
    return condition.otherwise().isEmpty() ? Signal.NEXT : body(condition.otherwise(), scope, out);
  }

  private Signal with(Stmt.With with, Scope scope, TextBuilder out) {
    var inner = new Scope(scope);
    for (int i = 0; i < with.targets().size(); i++) {
      assign(with.targets().get(i), evaluator.eval(with.values().get(i), scope), inner);
    }
    return body(with.body(), inner, out);
  }

  private Signal setBlock(Stmt.SetBlock set, Scope scope) {
    var inner = new Scope(scope);
    var captured = new TextBuilder(context);
    Signal signal = body(set.body(), inner, captured);
    if (signal == Signal.NEXT) {
      assign(set.target(), filtered(set.filtered(), captured, scope), scope);
    }
    return signal;
  }

  private Signal filterBlock(Stmt.FilterBlock block, Scope scope, TextBuilder out) {
    var captured = new TextBuilder(context);
    Signal signal = body(block.body(), new Scope(scope), captured);
    if (signal == Signal.NEXT) {
      out.append(Repr.str(context, filtered(block.filtered(), captured, scope)));
    }
    return signal;
  }

  private Value filtered(Expr filtered, TextBuilder captured, Scope scope) {
    var inner = new Scope(scope);
    inner.set(Evaluator.CAPTURED, captured(captured));
    return evaluator.eval(filtered, inner);
  }

  private Signal loop(Stmt.For loop, Scope scope, TextBuilder out) {
    runLoop(loop, evaluator.eval(loop.iterable(), scope), scope, out, 0);
    return Signal.NEXT;
  }

  void runLoop(Stmt.For loop, Value iterable, Scope scope, TextBuilder out, int depth) {
    List<Value> items = Values.items(context, iterable);
    Expr filter = loop.filter();
    Predicate<Value> keep =
        filter == null
            ? null
            : item -> {
              var inner = new Scope(scope);
              assign(loop.target(), item, inner);
              return evaluator.truth(filter, inner);
            };
    var state = new LoopState(this, loop, scope, new LoopState.Items(items, keep), depth);
    while (state.advance()) {
      var inner = new Scope(scope);
      inner.set("loop", state);
      assign(loop.target(), state.current(), inner);
      context.step();
      if (body(loop.body(), inner, out) == Signal.BREAK) {
        break;
      }
    }
    if (state.neverRan() && !loop.otherwise().isEmpty()) {
      body(loop.otherwise(), new Scope(scope), out);
    }
  }

  void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Variable variable -> scope.set(variable.name(), value);
      case Target.Field field -> {
        if (!(evaluator.variable(field.namespace(), scope) instanceof Value.Namespace namespace)) {
          throw new TemplateException("cannot assign attribute on non-namespace object");
        }
        Functions.checkField(field.name());
        namespace.fields.put(field.name(), value);
      }
      case Target.Several several -> {
        List<Value> items = Values.items(context, value);
        if (items.size() != several.targets().size()) {
          throw new TemplateException(
              "cannot unpack "
                  + items.size()
                  + " values into "
                  + several.targets().size()
                  + " names");
        }
        for (int i = 0; i < items.size(); i++) {
          assign(several.targets().get(i), items.get(i), scope);
        }
      }
    }
  }
}
