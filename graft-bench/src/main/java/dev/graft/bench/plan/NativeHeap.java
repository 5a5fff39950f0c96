package dev.graft.bench.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * What glibc's allocator has given out in blocks that are mapped by themselves, see mallinfo(3) and
 * mallopt(3); watched by a thread of its own. With {@link #SETTING} these are tensors, and what the
 * Java compilers take in small pieces is not among them.
 */
final class NativeHeap implements AutoCloseable {
  /** What the environment of the process must have. */
  static final Map<String, String> SETTING =
      Map.of("MALLOC_MMAP_THRESHOLD_", "65536", "MALLOC_TOP_PAD_", "131072");

  private static final int MEMBERS = 10;
  private static final int MAPPED = 4;
  private static final long POLL_MILLIS = 1;
  private static final Optional<MethodHandle> CALL =
      Linker.nativeLinker()
          .defaultLookup()
          .find("mallinfo2")
          .map(address ->
              Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(structure())));

  private final Thread thread;
  private volatile long most;
  private volatile boolean ended;

  private NativeHeap() {
    this.thread = Thread.ofPlatform().daemon().name("bench-heap").start(this::poll);
  }

  private static MemoryLayout structure() {
    return MemoryLayout.structLayout(
        Collections.nCopies(MEMBERS, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new));
  }

  static boolean isKnown() {
    return CALL.isPresent();
  }

  /** Bytes in use. */
  static long inUse() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) CALL.orElseThrow().invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Begins to watch. */
  static NativeHeap watch() {
    return new NativeHeap();
  }

  private void poll() {
    while (!ended) {
      most = Math.max(most, inUse());
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Most bytes that were in use at a time when it looked. */
  long most() {
    return most;
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
