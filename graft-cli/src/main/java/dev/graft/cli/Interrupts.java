package dev.graft.cli;

import dev.graft.io.Scratch;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * While this is open, the first Ctrl-C (or TERM signal) asks the work to save and end at its next
 * step, and the second ends the process at once.
 *
 * <p>A shutdown hook would not do: once it runs, a second Ctrl-C is ignored. Signals are handled
 * through {@code sun.misc.Signal}, by reflection since the compiler refuses it under {@code
 * -Werror}; where it is missing, Ctrl-C ends the process at once.
 */
final class Interrupts implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("INT", "TERM");

  private final Consumer<String> say;
  private final Runnable halt;
  private final AtomicInteger count = new AtomicInteger();
  private final List<Runnable> restore = new ArrayList<>();

  private Interrupts(Consumer<String> say, Runnable halt) {
    this.say = say;
    this.halt = halt;
  }

  /** Handles signals until closed; {@code say} tells the user what happens. */
  static Interrupts install(Consumer<String> say) {
    return install(
        say,
        () -> {
          Scratch.deleteAll(); // halting runs no hooks
          Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        });
  }

  /** As {@link #install(Consumer)}, with another way to end at once. */
  static Interrupts install(Consumer<String> say, Runnable halt) {
    Interrupts interrupts = new Interrupts(say, halt);
    for (String signal : SIGNALS) {
      try {
        interrupts.handle(signal);
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        // No such signal, or the JVM runs with -Xrs: the default action stays.
        System.getLogger(Interrupts.class.getName()).log(System.Logger.Level.DEBUG, signal, e);
      }
    }
    return interrupts;
  }

  /** Whether the work should save and end. */
  boolean requested() {
    return count.get() > 0;
  }

  /** Gives the signals back to whoever handled them before. */
  @Override
  public void close() {
    restore.forEach(Runnable::run);
    restore.clear();
  }

  private void arrived() {
    if (count.incrementAndGet() == 1) {
      say.accept("stopping after this step; Ctrl-C again stops at once");
    } else {
      halt.run();
    }
  }

  @SuppressWarnings("ReferenceEquality") // it is identity that the proxy's equals means
  private static boolean isSame(Object proxy, Object other) {
    return proxy == other;
  }

  private void handle(String name) throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object signal = signalType.getConstructor(String.class).newInstance(name);
    var handle = signalType.getMethod("handle", signalType, handlerType);
    InvocationHandler onCall =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                arrived();
                yield null;
              }
              case "equals" -> isSame(proxy, arguments[0]);
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "graft's handler of " + name;
            };
    Object handler =
        Proxy.newProxyInstance(
            Interrupts.class.getClassLoader(), new Class<?>[] {handlerType}, onCall);
    Object before;
    try {
      before = handle.invoke(null, signal, handler);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    }
    restore.add(() -> {
      try {
        handle.invoke(null, signal, before);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    });
  }
}
