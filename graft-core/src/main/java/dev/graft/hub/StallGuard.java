package dev.graft.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Reads a stream and breaks it off where it gives nothing for too long. */
final class StallGuard implements AutoCloseable {
  private final InputStream stream;
  private final long silence;
  private final Thread watch;
  private volatile long last = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(InputStream stream, Duration silence) {
    this.stream = stream;
    this.silence = silence.toNanos();
    this.watch = Thread.ofVirtual().name("download-watch").start(this::watch);
  }

  /** As {@link InputStream#read(byte[])}. */
  int read(byte[] buffer) throws IOException {
    try {
      int count = stream.read(buffer);
      last = System.nanoTime();
      if (count < 0 && stalled) {
        throw new IOException("the server has stopped sending");
      }
      return count;
    } catch (IOException e) {
      throw stalled ? new IOException("the server has stopped sending", e) : e;
    }
  }

  private void watch() {
    try {
      while (true) {
        long left = silence - (System.nanoTime() - last);
        if (left <= 0) {
          stalled = true;
          stream.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      // Closed: nothing is left to watch.
    } catch (IOException e) {
      // The reader finds the stream broken and says so.
    }
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    stream.close();
  }
}
