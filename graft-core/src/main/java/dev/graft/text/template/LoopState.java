package dev.graft.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The {@code loop} of a for block. */
final class LoopState implements Value.Host {
  /** The items and the condition of the loop, which is asked only when an item is due. */
  record Items(List<Value> all, @Nullable Predicate<Value> keep) {}

  private final Executor executor;
  private final Stmt.For statement;
  private final Scope scope;
  private final int depth;
  private List<Value> items;
  private @Nullable Predicate<Value> keep;
  private int next;
  private int index = -1;
  private @Nullable Value before;
  private @Nullable Value current;
  private @Nullable Value after;
  private @Nullable Value lastChanged;

  LoopState(Executor executor, Stmt.For statement, Scope scope, Items items, int depth) {
    this.executor = executor;
    this.statement = statement;
    this.scope = scope;
    this.items = items.all();
    this.keep = items.keep();
    this.depth = depth;
  }

  boolean advance() {
    Value value = peek();
    if (value == null) {
      return false;
    }
    after = null;
    before = current;
    current = value;
    index++;
    return true;
  }

  boolean neverRan() {
    return index < 0;
  }

  Value current() {
    if (current == null) {
      throw new IllegalStateException("the loop has not started");
    }
    return current;
  }

  private @Nullable Value peek() {
    while (after == null && next < items.size()) {
      Value candidate = items.get(next++);
      if (keep == null || keep.test(candidate)) {
        after = candidate;
      }
    }
    return after;
  }

  int size() {
    if (keep == null) {
      return items.size();
    }
    // The rest is asked for now, as Python does when it turns the generator into a list.
    var rest = new ArrayList<Value>();
    int taken = index + 1 + (after == null ? 0 : 1);
    for (int i = next; i < items.size(); i++) {
      if (keep.test(items.get(i))) {
        rest.add(items.get(i));
      }
    }
    var all = new ArrayList<Value>(java.util.Collections.nCopies(taken, Value.None.NONE));
    all.addAll(rest);
    items = all;
    next = taken;
    keep = null;
    return items.size();
  }

  @Override
  public @Nullable Value attribute(Context context, String name) {
    return switch (name) {
      case "index" -> Value.Int.of(index + 1L);
      case "index0" -> Value.Int.of(index);
      case "first" -> Value.Bool.of(index == 0);
      case "last" -> Value.Bool.of(peek() == null);
      case "length" -> Value.Int.of(size());
      case "revindex" -> Value.Int.of((long) size() - index);
      case "revindex0" -> Value.Int.of(size() - index - 1L);
      case "depth" -> Value.Int.of(depth + 1L);
      case "depth0" -> Value.Int.of(depth);
      case "previtem" -> or(index == 0 ? null : before, "there is no previous item");
      case "nextitem" -> or(peek(), "there is no next item");
      case "cycle" -> new Functions.Function("cycle", (c, args) -> cycle(args));
      case "changed" -> new Functions.Function("changed", this::changed);
      default -> null;
    };
  }

  private static Value or(@Nullable Value value, String otherwise) {
    return value == null ? Value.Undefined.because(otherwise) : value;
  }

  private Value cycle(Args args) {
    if (args.positional().isEmpty()) {
      throw new TemplateException("no items for cycling given");
    }
    return args.positional().get(index % args.positional().size());
  }

  private Value changed(Context context, Args args) {
    Value now = Value.Seq.tuple(args.positional());
    if (lastChanged != null && Values.equal(context, lastChanged, now)) {
      return Value.Bool.FALSE;
    }
    lastChanged = now;
    return Value.Bool.TRUE;
  }

  /** Runs the body of a recursive loop over other items. */
  @Override
  public Value call(Context context, Args args) {
    if (!statement.recursive()) {
      throw new TemplateException(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    var out = new TextBuilder(context);
    context.enter();
    executor.runLoop(statement, args.need(0, "iterable"), scope, out, depth + 1);
    context.leave();
    return out.toText();
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }

  @Override
  public String display() {
    return "<LoopContext " + (index + 1) + "/" + size() + ">";
  }
}
