package dev.graft.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a long piece of work says about itself on standard error: on a terminal one line that is
 * written over, elsewhere (a log file) a line about every ten seconds. Safe for several threads.
 */
final class ProgressLine implements AutoCloseable {
  private static final long PAINT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int COLUMNS = 80;

  /** Where and whether progress is shown. */
  enum Mode {
    QUIET,
    PLAIN,
    TERMINAL
  }

  private final PrintStream stream;
  private final Mode mode;
  private final int columns;
  private final LongSupplier nanoTime;
  private @Nullable String waiting;
  private boolean painted;
  private boolean started;
  private long shownAt;

  ProgressLine(PrintStream stream, Mode mode, int columns, LongSupplier nanoTime) {
    this.stream = stream;
    this.mode = mode;
    this.columns = columns;
    this.nanoTime = nanoTime;
  }

  /** Java cannot tell whether standard error is a terminal; the launcher can and says so. */
  static ProgressLine onStandardError(boolean quiet) {
    boolean terminal = Boolean.getBoolean("graft.stderr.terminal");
    Mode mode = quiet ? Mode.QUIET : terminal ? Mode.TERMINAL : Mode.PLAIN;
    int columns = Math.max(20, Integer.getInteger("graft.columns", COLUMNS));
    return new ProgressLine(System.err, mode, columns, System::nanoTime);
  }

  /** Where the work stands now; shown at once or, if the last one is fresh, later or never. */
  synchronized void update(String text) {
    if (mode == Mode.QUIET) {
      return;
    }
    waiting = text;
    long now = nanoTime.getAsLong();
    long pause = mode == Mode.TERMINAL ? PAINT_NANOS : PLAIN_NANOS;
    if (!started || now - shownAt >= pause) {
      show(now);
    }
  }

  /** Takes the line away, with what still waits, before something else is written. */
  synchronized void clear() {
    waiting = null;
    if (painted) {
      stream.print("\r\u001b[K");
      stream.flush();
      painted = false;
    }
  }

  /** A line that stays, also where progress is quiet. */
  synchronized void message(String text) {
    if (painted) {
      stream.print("\r\u001b[K");
      painted = false;
    }
    stream.println(clean(text));
    stream.flush();
  }

  /** Shows what still waits and ends the line. */
  @Override
  public synchronized void close() {
    show(nanoTime.getAsLong());
    if (painted) {
      stream.println();
      stream.flush();
      painted = false;
    }
  }

  private void show(long now) {
    if (waiting == null) {
      return;
    }
    if (mode == Mode.TERMINAL) {
      // One column stays free: some terminals wrap when the last is written.
      stream.print("\r" + shortened(clean(waiting), columns - 1) + "\u001b[K");
      painted = true;
    } else {
      stream.println(clean(waiting));
    }
    stream.flush();
    waiting = null;
    started = true;
    shownAt = now;
  }

  private static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  private static String shortened(String text, int most) {
    int length = text.codePointCount(0, text.length());
    return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
