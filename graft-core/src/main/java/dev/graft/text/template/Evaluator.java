package dev.graft.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions. */
final class Evaluator {
  /** Where a block leaves its text for the filters applied to it; no template can write it. */
  static final String CAPTURED = "<captured>".intern();

  private final Context context;
  private final Map<String, Value> variables;

  Evaluator(Context context, Map<String, Value> variables) {
    this.context = context;
    this.variables = variables;
  }

  Value eval(Expr expr, Scope scope) {
    context.step();
    if (expr instanceof Expr.Const constant) {
      return constant.value();
    }
    if (expr instanceof Expr.Name name) {
      return variable(name.name(), scope);
    }
    try {
      context.enter();
      Value value = compound(expr, scope);
      context.leave();
      return value;
    } catch (TemplateException e) {
      throw e.at(expr.line());
    }
  }

  boolean truth(Expr expr, Scope scope) {
    return Values.truth(eval(expr, scope));
  }

  Value variable(String name, Scope scope) {
    Value value = scope.find(name);
    if (value == null) {
      value = variables.get(name);
    }
    if (value == null) {
      value = Functions.GLOBALS.get(name);
    }
    return value == null ? Value.Undefined.name(name) : value;
  }

  private Value compound(Expr expr, Scope scope) {
    return switch (expr) {
      case Expr.Const constant -> constant.value();
      case Expr.Name name -> variable(name.name(), scope);
      case Expr.Captured captured -> variable(CAPTURED, scope);
      case Expr.Attribute a -> Access.attribute(context, eval(a.target(), scope), a.name());
      case Expr.Item item -> item(item, scope);
      case Expr.Slice slice -> throw new TemplateException("a slice stands outside brackets");
      case Expr.Call call -> call(call, scope, null);
      case Expr.FilterCall filter -> filter(filter, scope);
      case Expr.TestCall test -> test(test, scope);
      case Expr.Logic logic -> logic(logic, scope);
      case Expr.Compare compare -> Value.Bool.of(compare(compare, scope));
      case Expr.Conditional conditional -> conditional(conditional, scope);
      case Expr.Concat concat -> concat(concat, scope);
      case Expr.Unary unary -> unary(unary, scope);
      case Expr.Binary b ->
          Operators.apply(context, b.op(), eval(b.left(), scope), eval(b.right(), scope));
      case Expr.Sequence sequence -> sequence(sequence, scope);
      case Expr.Mapping mapping -> mapping(mapping, scope);
    };
  }

  private Value item(Expr.Item item, Scope scope) {
    Value target = eval(item.target(), scope);
    if (item.key() instanceof Expr.Slice slice) {
      return Access.slice(
          context,
          target,
          orNone(slice.from(), scope),
          orNone(slice.to(), scope),
          orNone(slice.step(), scope));
    }
    return Access.item(context, target, eval(item.key(), scope));
  }

  private Value orNone(@Nullable Expr expr, Scope scope) {
    return expr == null ? Value.None.NONE : eval(expr, scope);
  }

  /** Calls a function; {@code caller} is the body of a call block. */
  Value call(Expr.Call call, Scope scope, @Nullable Value caller) {
    Value function = eval(call.function(), scope);
    Args args = args(call.arguments(), scope);
    if (caller != null) {
      var named = new LinkedHashMap<>(args.named());
      named.put("caller", caller);
      args = new Args(args.positional(), named);
    }
    if (function instanceof Value.Undefined u) {
      throw u.error();
    }
    if (function instanceof Value.Host host) {
      return host.call(context, args);
    }
    throw new TemplateException("'" + function.typeName() + "' object is not callable");
  }

  private Args args(Expr.Arguments arguments, Scope scope) {
    if (arguments.isEmpty()) {
      return Args.NONE;
    }
    List<Value> positional = evalAll(arguments.positional(), scope);
    if (arguments.star() != null) {
      positional = new ArrayList<>(positional);
      positional.addAll(Values.items(context, eval(arguments.star(), scope)));
    }
    if (arguments.names().isEmpty() && arguments.doubleStar() == null) {
      return new Args(positional, Map.of());
    }
    var named = new LinkedHashMap<String, Value>();
    for (int i = 0; i < arguments.names().size(); i++) {
      named.put(arguments.names().get(i), eval(arguments.named().get(i), scope));
    }
    if (arguments.doubleStar() != null) {
      addAll(named, eval(arguments.doubleStar(), scope));
    }
    return new Args(positional, named);
  }

  private static void addAll(Map<String, Value> named, Value mapping) {
    if (!(mapping instanceof Value.Dict dict)) {
      throw new TemplateException("argument after ** must be a mapping");
    }
    dict.entries.forEach((key, value) -> {
      if (!(key instanceof Text name)) {
        throw new TemplateException("keywords must be strings");
      }
      if (named.put(name.string, value) != null) {
        throw new TemplateException("got multiple values for argument '" + name + "'");
      }
    });
  }

  private List<Value> evalAll(List<Expr> exprs, Scope scope) {
    if (exprs.isEmpty()) {
      return List.of();
    }
    var values = new ArrayList<Value>(exprs.size());
    for (Expr expr : exprs) {
      values.add(eval(expr, scope));
    }
    return values;
  }

  private Value filter(Expr.FilterCall call, Scope scope) {
    if (call.filter() == null) {
      throw new TemplateException("No filter named '" + call.name() + "' found.");
    }
    Value subject = eval(call.subject(), scope);
    return call.filter().apply(context, subject, args(call.arguments(), scope));
  }

  private Value test(Expr.TestCall call, Scope scope) {
    if (call.test() == null) {
      throw new TemplateException("No test named '" + call.name() + "' found.");
    }
    Value subject = eval(call.subject(), scope);
    return call.test().apply(context, subject, args(call.arguments(), scope));
  }

  private Value logic(Expr.Logic logic, Scope scope) {
    Value left = eval(logic.left(), scope);
    return Values.truth(left) == logic.and() ? eval(logic.right(), scope) : left;
  }

  private boolean compare(Expr.Compare compare, Scope scope) {
    Value left = eval(compare.first(), scope);
    for (int i = 0; i < compare.ops().size(); i++) {
      Value right = eval(compare.rest().get(i), scope);
      if (!holds(compare.ops().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private boolean holds(Expr.CompareOp op, Value left, Value right) {
    return switch (op) {
      case EQUAL -> Values.equal(context, left, right);
      case NOT_EQUAL -> !Values.equal(context, left, right);
      case IN -> Values.contains(context, right, left);
      case NOT_IN -> !Values.contains(context, right, left);
      default -> ordered(context, op, left, right);
    };
  }

  static boolean ordered(Context context, Expr.CompareOp op, Value left, Value right) {
    int order = Values.compare(context, left, right);
    if (order == 2) {
      return false;
    }
    return switch (op) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  private Value conditional(Expr.Conditional c, Scope scope) {
    if (truth(c.test(), scope)) {
      return eval(c.then(), scope);
    }
    return c.otherwise() != null
        ? eval(c.otherwise(), scope)
        : Value.Undefined.because(
            "the inline if-expression evaluated to false and no else section was defined.");
  }

  private Value concat(Expr.Concat concat, Scope scope) {
    var out = new TextBuilder(context);
    for (Expr part : concat.parts()) {
      out.append(Repr.str(context, eval(part, scope)));
    }
    return out.toText();
  }

  private Value unary(Expr.Unary unary, Scope scope) {
    Value value = eval(unary.operand(), scope);
    return switch (unary.op()) {
      case NOT -> Value.Bool.of(!Values.truth(value));
      case MINUS -> Operators.negate(value);
      case PLUS -> Operators.plus(value);
    };
  }

  private Value sequence(Expr.Sequence sequence, Scope scope) {
    context.allocate(sequence.items().size() + 4L, 8);
    List<Value> items = evalAll(sequence.items(), scope);
    return context.checked(new Value.Seq(items, sequence.tuple(), Tags.NONE));
  }

  private Value mapping(Expr.Mapping mapping, Scope scope) {
    context.allocate(mapping.keys().size() + 2L, 32);
    var entries = new LinkedHashMap<Value, Value>();
    for (int i = 0; i < mapping.keys().size(); i++) {
      Value key = Values.hashable(context, eval(mapping.keys().get(i), scope));
      entries.put(key, eval(mapping.values().get(i), scope));
    }
    return context.checked(Value.Dict.of(entries));
  }
}
