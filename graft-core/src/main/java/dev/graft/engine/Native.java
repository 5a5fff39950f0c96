package dev.graft.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Loading of libtorch, and what translates between its types and ours. */
final class Native {
  // From glibc's malloc.h.
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_THRESHOLD = -3;

  static {
    // Scopes free tensors; JavaCPP's own watch over memory would only cost time and stop large
    // runs.
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    keepLargeBlocks();
    keepFewProducts();
    torch.get_num_threads(); // loads the libraries here, so that a failure shows in one place
  }

  private Native() {}

  static void load() {}

  /**
   * glibc maps every large block anew and gives it back when freed, so that each step pays page
   * faults for all its buffers. Raising the thresholds makes it keep and reuse them. Where the
   * environment sets them, that stays.
   */
  private static void keepLargeBlocks() {
    if (!System.getProperty("os.name", "").equals("Linux")
        || System.getenv("MALLOC_MMAP_THRESHOLD_") != null) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      var address = linker.defaultLookup().find("mallopt");
      if (address.isEmpty()) {
        return; // musl has no mallopt
      }
      MethodHandle mallopt =
          linker.downcallHandle(
              address.get(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      int unused = (int) mallopt.invokeExact(M_MMAP_THRESHOLD, 1 << 30);
      unused = (int) mallopt.invokeExact(M_TRIM_THRESHOLD, Integer.MAX_VALUE);
      unused = (int) mallopt.invokeExact(M_TOP_PAD, 64 << 20);
    } catch (Throwable e) {
      // A setting for speed only: without it everything still works.
      System.getLogger("dev.graft").log(System.Logger.Level.DEBUG, "mallopt", e);
    }
  }

  /**
   * oneDNN compiles a product for every shape it meets and keeps the last 1,024 of them for the
   * process, libtorch as many again for each thread, some 300 kB each. Passes have few lengths and
   * attention is padded to few where there are the kernels: examples of all lengths need about 400
   * products. Elsewhere there are as many shapes as there are passes.
   */
  private static void keepFewProducts() {
    int each = KernelModule.isUsed() ? 256 : 512;
    int all = KernelModule.isUsed() ? 768 : 1024;
    setUnlessSet("LRU_CACHE_CAPACITY", each);
    setUnlessSet("ONEDNN_PRIMITIVE_CACHE_CAPACITY", all);
  }

  /** For libraries that read the environment when they are loaded. */
  private static void setUnlessSet(String name, int value) {
    if (System.getenv(name) != null) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      var address = linker.defaultLookup().find("setenv");
      if (address.isEmpty()) {
        return; // Windows
      }
      MethodHandle setenv =
          linker.downcallHandle(
              address.get(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      MemorySegment key = arena.allocateFrom(name);
      int _ = (int) setenv.invokeExact(key, arena.allocateFrom(Integer.toString(value)), 0);
    } catch (Throwable e) {
      // For memory only: without it everything still works.
      System.getLogger("dev.graft").log(System.Logger.Level.DEBUG, name, e);
    }
  }

  static ScalarType scalarType(DType dtype) {
    return switch (dtype) {
      case F64 -> ScalarType.Double;
      case F32 -> ScalarType.Float;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case I64 -> ScalarType.Long;
      case I32 -> ScalarType.Int;
      case I16 -> ScalarType.Short;
      case I8 -> ScalarType.Char;
      case U8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }

  static DType dtype(ScalarType type) {
    return switch (type.intern()) {
      case Double -> DType.F64;
      case Float -> DType.F32;
      case Half -> DType.F16;
      case BFloat16 -> DType.BF16;
      case Long -> DType.I64;
      case Int -> DType.I32;
      case Short -> DType.I16;
      case Char -> DType.I8;
      case Byte -> DType.U8;
      case Bool -> DType.BOOL;
      default -> throw new IllegalStateException("unsupported element type " + type);
    };
  }

  /** Options to create a tensor with; the caller closes them. */
  static TensorOptions options(DType dtype, Device device) {
    TensorOptions options = new TensorOptions(scalarType(dtype));
    if (device.type() == Device.Type.CPU) {
      return options;
    }
    try (options;
        var nativeDevice = device.toNative();
        var optional = new org.bytedeco.pytorch.DeviceOptional(nativeDevice)) {
      return options.device(optional);
    }
  }
}
