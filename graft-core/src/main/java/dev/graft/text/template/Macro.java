package dev.graft.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a call block as the function {@code caller}. */
final class Macro implements Value.Host {
  private final Executor executor;
  private final Stmt.MacroBody macro;
  private final Scope definedIn;

  Macro(Executor executor, Stmt.MacroBody macro, Scope definedIn) {
    this.executor = executor;
    this.macro = macro;
    this.definedIn = definedIn;
  }

  @Override
  public Value call(Context context, Args args) {
    context.enter();
    var scope = new Scope(definedIn);
    bind(args, scope);
    var out = new TextBuilder(context);
    executor.body(macro.body(), scope, out);
    context.leave();
    return executor.captured(out);
  }

  private void bind(Args args, Scope scope) {
    var named = new LinkedHashMap<>(args.named());
    List<Value> positional = args.positional();
    List<String> parameters = macro.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i);
      Value given = i < positional.size() ? positional.get(i) : named.remove(name);
      scope.set(name, given != null ? given : fallback(i, name, scope));
    }
    if (macro.usesCaller()) {
      Value caller = named.remove("caller");
      scope.set("caller", caller != null ? caller : Value.Undefined.because("No caller defined"));
    }
    if (macro.usesKwargs()) {
      scope.set("kwargs", executor.context.checked(kwargs(named)));
    } else if (!named.isEmpty()) {
      throw new TemplateException(
          "macro '" + macro.name() + "' takes no keyword argument '" + first(named) + "'");
    }
    if (macro.usesVarargs()) {
      int from = Math.min(parameters.size(), positional.size());
      Value rest = Value.Seq.tuple(positional.subList(from, positional.size()));
      scope.set("varargs", executor.context.checked(rest));
    } else if (positional.size() > parameters.size()) {
      throw new TemplateException(
          "macro '" + macro.name() + "' takes not more than " + parameters.size() + " argument(s)");
    }
  }

  private Value fallback(int parameter, String name, Scope scope) {
    Expr expr = macro.defaults().get(parameter);
    return expr == null
        ? Value.Undefined.because("parameter '" + name + "' was not provided")
        : executor.evaluator.eval(expr, scope);
  }

  private static Value kwargs(Map<String, Value> named) {
    var entries = new LinkedHashMap<Value, Value>();
    named.forEach((name, value) -> entries.put(Text.of(name), value));
    return Value.Dict.of(entries);
  }

  private static String first(Map<String, Value> named) {
    return named.keySet().iterator().next();
  }

  @Override
  public @Nullable Value attribute(Context context, String name) {
    return switch (name) {
      case "name" -> macro.anonymous() ? Value.None.NONE : Text.of(macro.name());
      case "arguments" -> {
        var names = new ArrayList<Value>();
        macro.parameters().forEach(parameter -> names.add(Text.of(parameter)));
        yield Value.Seq.tuple(names);
      }
      case "catch_kwargs" -> Value.Bool.of(macro.usesKwargs());
      case "catch_varargs" -> Value.Bool.of(macro.usesVarargs());
      case "caller" -> Value.Bool.of(macro.usesCaller());
      default -> null;
    };
  }

  @Override
  public String typeName() {
    return "Macro";
  }

  @Override
  public String display() {
    return "<Macro '" + macro.name() + "'>";
  }
}
