package dev.graft.text.template;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of the template language, with the equality of Python: {@code 1 == 1.0 == True}, lists
 * differ from tuples, dictionaries ignore order.
 *
 * <p>Scalars and containers carry a tag that says which part of which message they came from
 * ({@link Tags}); equality ignores it. Lists and dictionaries never change after they are built, so
 * a value cannot contain itself, and their depth and weight are known.
 */
sealed interface Value
    permits Text,
        Value.None,
        Value.Bool,
        Value.Int,
        Value.BigInt,
        Value.Real,
        Value.Seq,
        Value.Dict,
        Value.DictView,
        Value.Range,
        Value.Lazy,
        Value.Namespace,
        Value.Undefined,
        Value.Host {

  /** Where the value came from; zero when it is the template's own. */
  default long tag() {
    return Tags.NONE;
  }

  /** The name Python gives the type, for messages. */
  String typeName();

  /** Python's {@code None}. */
  enum None implements Value {
    NONE;

    @Override
    public String typeName() {
      return "NoneType";
    }
  }

  /** Python's {@code bool}. */
  record Bool(boolean value, long tag) implements Value {
    static final Bool TRUE = new Bool(true, Tags.NONE);
    static final Bool FALSE = new Bool(false, Tags.NONE);

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Value v && Numbers.same(this, v);
    }

    @Override
    public int hashCode() {
      return value ? 1 : 0;
    }

    @Override
    public String typeName() {
      return "bool";
    }
  }

  /**
   * Python's {@code int}, as far as 64 bits go; arithmetic that leaves them makes a {@link BigInt}.
   */
  record Int(long value, long tag) implements Value {
    static Int of(long value) {
      return new Int(value, Tags.NONE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Value v && Numbers.same(this, v);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value);
    }

    @Override
    public String typeName() {
      return "int";
    }
  }

  /** An integer beyond 64 bits. */
  record BigInt(BigInteger value, long tag) implements Value {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof BigInt big
          ? big.value.equals(value)
          : other instanceof Real real && Numbers.same(this, real);
    }

    @Override
    public int hashCode() {
      return Double.hashCode(value.doubleValue()); // as a float of the same value
    }

    @Override
    public String typeName() {
      return "int";
    }
  }

  /** Python's {@code float}. */
  record Real(double value, long tag) implements Value {
    static Real of(double value) {
      return new Real(value, Tags.NONE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Value v && Numbers.same(this, v);
    }

    @Override
    public int hashCode() {
      return value == Math.rint(value) && Math.abs(value) < 0x1p63
          ? Long.hashCode((long) value)
          : Double.hashCode(value);
    }

    @Override
    public String typeName() {
      return "float";
    }
  }

  /** Python's {@code list} or {@code tuple}. */
  final class Seq implements Value {
    static final Seq EMPTY = new Seq(List.of(), false, Tags.NONE);

    final List<Value> items;
    final boolean tuple;
    final int depth;
    final long weight;

    /** A pair of {@code groupby}, whose halves have names too. */
    final boolean grouped;

    private final long tag;

    Seq(List<Value> items, boolean tuple, long tag) {
      this(items, tuple, tag, false);
    }

    private Seq(List<Value> items, boolean tuple, long tag, boolean grouped) {
      this.grouped = grouped;
      this.items = items;
      this.tuple = tuple;
      this.tag = tag;
      this.depth = Values.depthOver(items);
      this.weight = Values.weightOf(items);
    }

    static Seq list(List<Value> items) {
      return new Seq(items, false, Tags.NONE);
    }

    static Seq tuple(List<Value> items) {
      return new Seq(items, true, Tags.NONE);
    }

    static Seq group(Value grouper, Seq members) {
      return new Seq(List.of(grouper, members), true, Tags.NONE, true);
    }

    static Seq tuple(Value... items) {
      return new Seq(List.of(items), true, Tags.NONE);
    }

    @Override
    public long tag() {
      return tag;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Seq seq
          && (seq == this || (seq.tuple == tuple && items.equals(seq.items)));
    }

    @Override
    public int hashCode() {
      return items.hashCode();
    }

    @Override
    public String typeName() {
      return tuple ? "tuple" : "list";
    }
  }

  /** Python's {@code dict}, in the order of insertion. */
  final class Dict implements Value {
    final Map<Value, Value> entries;
    final int depth;
    final long weight;
    private final long tag;

    Dict(Map<Value, Value> entries, long tag) {
      this.entries = entries;
      this.tag = tag;
      this.depth = Math.max(Values.depthOver(entries.values()), Values.depthOver(entries.keySet()));
      this.weight =
          Numbers.saturatedAdd(
              Values.weightOf(entries.values()), Values.weightOf(entries.keySet()));
    }

    static Dict of(Map<Value, Value> entries) {
      return new Dict(entries, Tags.NONE);
    }

    @Nullable Value get(String key) {
      return entries.get(Text.of(key));
    }

    @Override
    public long tag() {
      return tag;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Dict dict && (dict == this || entries.equals(dict.entries));
    }

    @Override
    public int hashCode() {
      return entries.hashCode();
    }

    @Override
    public String typeName() {
      return "dict";
    }
  }

  /** What {@code dict.keys()}, {@code .values()} and {@code .items()} give. */
  record DictView(Dict dict, Kind kind) implements Value {
    enum Kind {
      KEYS,
      VALUES,
      ITEMS
    }

    @Override
    public String typeName() {
      return "dict_" + kind.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Python's {@code range}. */
  record Range(long start, long stop, long step) implements Value {
    long size() {
      long span = step > 0 ? Math.subtractExact(stop, start) : Math.subtractExact(start, stop);
      return span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    }

    @Override
    public String typeName() {
      return "range";
    }
  }

  /** The result of {@code map}, {@code select} and the like: it can be walked through once. */
  final class Lazy implements Value {
    private List<Value> rest;

    Lazy(List<Value> items) {
      this.rest = items;
    }

    /** What has not been taken yet; nothing is left afterwards. */
    List<Value> drain() {
      List<Value> all = rest;
      rest = List.of();
      return all;
    }

    /** The next item, or null at the end. */
    @Nullable Value next() {
      if (rest.isEmpty()) {
        return null;
      }
      Value first = rest.getFirst();
      rest = rest.subList(1, rest.size());
      return first;
    }

    @Override
    public String typeName() {
      return "generator";
    }
  }

  /** The one kind of object a template can change: {@code namespace(...)}. */
  final class Namespace implements Value {
    final Map<String, Value> fields = new LinkedHashMap<>();

    @Override
    public String typeName() {
      return "Namespace";
    }
  }

  /**
   * A name, key or attribute that is not there; printing it gives nothing, using it is an error.
   */
  final class Undefined implements Value {
    private final String subject;
    private final boolean wholeMessage;

    private Undefined(String subject, boolean wholeMessage) {
      this.subject = subject;
      this.wholeMessage = wholeMessage;
    }

    static Undefined name(String name) {
      return new Undefined(name, false);
    }

    static Undefined because(String message) {
      return new Undefined(message, true);
    }

    TemplateException error() {
      return new TemplateException(wholeMessage ? subject : "'" + subject + "' is undefined");
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
      return 7;
    }

    @Override
    public String typeName() {
      return "Undefined";
    }
  }

  /** An object of the engine: functions, methods, macros, {@code loop}. */
  non-sealed interface Host extends Value {
    /** The attribute, or null when there is none of that name. */
    default @Nullable Value attribute(Context context, String name) {
      return null;
    }

    /** Calls the object. */
    default Value call(Context context, Args args) {
      throw new TemplateException("'" + typeName() + "' object is not callable");
    }

    default boolean callable() {
      return true;
    }

    /** What printing shows. */
    String display();
  }
}
