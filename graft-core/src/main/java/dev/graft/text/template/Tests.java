package dev.graft.text.template;

import dev.graft.text.template.Expr.CompareOp;
import java.util.Map;

/** The tests after {@code is}. */
final class Tests {
  static final Map<String, Filter> ALL = build();

  private Tests() {}

  /** A test. */
  @FunctionalInterface
  private interface Predicate {
    boolean test(Value value);
  }

  private static Map<String, Filter> build() {
    var table = new Filter.Table();
    simple(table, "defined", v -> !(v instanceof Value.Undefined));
    simple(table, "undefined", v -> v instanceof Value.Undefined);
    simple(table, "none", v -> v == Value.None.NONE);
    simple(table, "boolean", v -> v instanceof Value.Bool);
    simple(table, "true", v -> v instanceof Value.Bool b && b.value());
    simple(table, "false", v -> v instanceof Value.Bool b && !b.value());
    simple(table, "integer", v -> v instanceof Value.Int || v instanceof Value.BigInt);
    simple(table, "float", v -> v instanceof Value.Real);
    simple(table, "number", Numbers::isNumber);
    simple(table, "string", v -> v instanceof Text);
    simple(table, "mapping", v -> v instanceof Value.Dict);
    simple(table, "sequence", Tests::isSequence);
    simple(table, "iterable", Tests::isIterable);
    simple(table, "callable", Tests::isCallable);
    simple(table, "escaped", v -> v instanceof Text text && text.markup);
    table
        .add("lower", (c, v, a) -> bool(StringMethods.isLower(Repr.str(c, v).string)))
        .add("upper", (c, v, a) -> bool(StringMethods.isUpper(Repr.str(c, v).string)))
        .add("odd", (c, v, a) -> remainderIs(c, v, Value.Int.of(2), 1))
        .add("even", (c, v, a) -> remainderIs(c, v, Value.Int.of(2), 0))
        .add("divisibleby", (c, v, a) -> remainderIs(c, v, a.need(0, "num"), 0), "num")
        .add("filter", (c, v, a) -> bool(v instanceof Text t && Filters.ALL.containsKey(t.string)))
        .add("test", (c, v, a) -> bool(v instanceof Text t && isTest(t.string)))
        .add("sameas", (c, v, a) -> bool(same(v, a.need(0, "other"))), "other")
        .add("in", (c, v, a) -> bool(Values.contains(c, a.need(0, "seq"), v)), "seq");
    comparisons(table);
    return table.build();
  }

  private static void simple(Filter.Table table, String name, Predicate test) {
    table.add(name, (context, value, args) -> bool(test.test(value)));
  }

  private static void comparisons(Filter.Table table) {
    table
        .add("eq", (c, v, a) -> bool(Values.equal(c, v, a.need(0, "other"))), "other")
        .alias("==", "eq")
        .alias("equalto", "eq")
        .add("ne", (c, v, a) -> bool(!Values.equal(c, v, a.need(0, "other"))), "other")
        .alias("!=", "ne")
        .add("gt", (c, v, a) -> ordered(c, CompareOp.GREATER, v, a), "other")
        .alias(">", "gt")
        .alias("greaterthan", "gt")
        .add("ge", (c, v, a) -> ordered(c, CompareOp.GREATER_OR_EQUAL, v, a), "other")
        .alias(">=", "ge")
        .add("lt", (c, v, a) -> ordered(c, CompareOp.LESS, v, a), "other")
        .alias("<", "lt")
        .alias("lessthan", "lt")
        .add("le", (c, v, a) -> ordered(c, CompareOp.LESS_OR_EQUAL, v, a), "other")
        .alias("<=", "le");
  }

  private static Value ordered(Context context, CompareOp op, Value value, Args args) {
    return bool(Evaluator.ordered(context, op, value, args.need(0, "other")));
  }

  private static Value bool(boolean value) {
    return Value.Bool.of(value);
  }

  private static boolean isTest(String name) {
    return ALL.containsKey(name);
  }

  private static boolean isSequence(Value value) {
    return value instanceof Text
        || value instanceof Value.Seq
        || value instanceof Value.Dict
        || value instanceof Value.Range
        || value instanceof Value.Undefined;
  }

  private static boolean isIterable(Value value) {
    return isSequence(value)
        || value instanceof Value.DictView
        || value instanceof Value.Lazy
        || value instanceof LoopState;
  }

  private static boolean isCallable(Value value) {
    // Python's callable() finds the __call__ of an undefined value, which only raises.
    return value instanceof Value.Undefined
        || (value instanceof Value.Host host && host.callable());
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean same(Value a, Value b) {
    boolean scalar = a instanceof Value.Bool || a instanceof Value.Int || a instanceof Text;
    return a == b || (scalar && a.typeName().equals(b.typeName()) && a.equals(b));
  }

  private static Value remainderIs(Context context, Value value, Value by, long wanted) {
    if (value instanceof Text) {
      // A string here is a format, whose result is no number.
      Operators.apply(context, Expr.BinaryOp.MODULO, value, by);
      return Value.Bool.FALSE;
    }
    Value rest = Operators.apply(context, Expr.BinaryOp.MODULO, value, by);
    return bool(rest.equals(Value.Int.of(wanted)));
  }
}
