package dev.graft.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What glibc's allocator has given out: see mallinfo(3). */
public final class NativeMemory {
  private static final int MAPPED = 4;
  private static final int USED = 7;
  private static final long LARGE = 1L << 14;
  private static final Optional<MethodHandle> CALL =
      Linker.nativeLinker()
          .defaultLookup()
          .find("mallinfo2")
          .map(address ->
              Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(structure())));

  private NativeMemory() {}

  private static MemoryLayout structure() {
    MemoryLayout[] members = new MemoryLayout[10];
    java.util.Arrays.fill(members, ValueLayout.JAVA_LONG);
    return MemoryLayout.structLayout(members);
  }

  /** Whether it can be told here. */
  public static boolean isKnown() {
    return CALL.isPresent();
  }

  /** Bytes in use, in arenas and mapped. */
  public static long inUse() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) CALL.orElseThrow().invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, USED)
          + info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls {@code each} whenever an operation has made a large new tensor, on its thread. */
  public static void watch(@Nullable Runnable each) {
    Tensor.watch =
        each == null
            ? null
            : made -> {
              if (!made.raw.is_view() && made.elements() >= LARGE) {
                each.run();
              }
            };
  }
}
