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

/**
 * What glibc's allocator has given out in large blocks: see mallinfo(3) and mallopt(3). Where the
 * environment has {@link #SETTING} from the process's start, large blocks are each mapped by
 * themselves, so that tensors are counted, and what the virtual machine takes for its compilers in
 * small pieces is not.
 */
public final class NativeMemory {
  private static final int MAPPED = 4;
  private static final int LARGE = 1 << 16;

  /** What the environment needs. */
  public static final String SETTING = "MALLOC_MMAP_THRESHOLD_=" + LARGE;

  private static final Optional<MethodHandle> INFO =
      function("mallinfo2", FunctionDescriptor.of(structure()));

  private NativeMemory() {}

  private static Optional<MethodHandle> function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, descriptor));
  }

  private static MemoryLayout structure() {
    MemoryLayout[] members = new MemoryLayout[10];
    java.util.Arrays.fill(members, ValueLayout.JAVA_LONG);
    return MemoryLayout.structLayout(members);
  }

  /** Whether it can be told here. */
  public static boolean isKnown() {
    return INFO.isPresent()
        && SETTING.endsWith("=" + System.getenv(SETTING.substring(0, SETTING.indexOf('='))));
  }

  /** Bytes in use in blocks that are mapped by themselves. */
  public static long inUse() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) INFO.orElseThrow().invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED);
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
              if (!made.raw.is_view() && made.elements() * made.dtype().bytes() >= LARGE) {
                each.run();
              }
            };
  }
}
