package dev.graft.engine;

import dev.graft.engine.kernels.TileKernel;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * libtorch's product of blocks with the processor's tiles (AMX), which adds up in float32: {@code
 * at::native::cpublas::brgemm}. It is not bound by JavaCPP, so it is looked up by the name that the
 * compiler gave it, in which its parameters' types are: with another version of libtorch it is
 * found with just these parameters or not at all.
 */
final class Tiles {
  /** {@code off}: never. */
  static final String PROPERTY = "dev.graft.tiles";

  private static final byte BFLOAT16 = 15; // c10::ScalarType
  private static final @Nullable Calls CALLS = find();

  private record Calls(MethodHandle brgemm, MethodHandle release) {}

  private Tiles() {}

  static boolean isUsed() {
    return CALLS != null;
  }

  private static @Nullable Calls find() {
    if (!KernelModule.isUsed()
        || !TileKernel.fits()
        || System.getProperty(PROPERTY, "").equals("off")) {
      return null;
    }
    Native.load();
    try {
      var could = call("could_pack", "EN3c1010ScalarTypeE", true, ValueLayout.JAVA_BYTE);
      var product =
          call(
              "brgemm",
              "EllllllbPKN3c108BFloat16ES5_Pfb",
              false,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_BOOLEAN,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_BOOLEAN);
      var release = call("brgemm_release", "Eb", false, ValueLayout.JAVA_BOOLEAN);
      if (could.isEmpty() || product.isEmpty() || release.isEmpty()) {
        return null;
      }
      boolean tiles = (boolean) could.get().invokeExact(BFLOAT16);
      return tiles ? new Calls(product.get(), release.get()) : null;
    } catch (Throwable e) {
      // For speed only: without it everything still works.
      System.getLogger("dev.graft").log(System.Logger.Level.DEBUG, "tiles", e);
      return null;
    }
  }

  private static Optional<MethodHandle> call(
      String name, String types, boolean answers, ValueLayout... parameters) {
    FunctionDescriptor type =
        answers
            ? FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN, parameters)
            : FunctionDescriptor.ofVoid(parameters);
    return SymbolLookup.loaderLookup()
        .find("_ZN2at6native7cpublas" + name.length() + name + types)
        .map(address -> Linker.nativeLinker().downcallHandle(address, type));
  }

  /**
   * A block of a product at one place.
   *
   * @param rows of a and of the sums
   * @param inner columns of a
   * @param columns of the panel and of the sums
   * @param stride elements from one row of a to the next
   * @param panelStride columns of the panel as a whole
   * @param sumStride numbers from one row of sums to the next
   * @param adds whether to add to the sums that are there
   */
  record Block(
      int rows,
      int inner,
      int columns,
      long stride,
      long panelStride,
      long sumStride,
      boolean adds) {}

  /** Sums (rows, columns) in float32 of {@code a} (rows, inner) and a packed panel. */
  static void multiply(Block block, long a, long panel, long sums) {
    Calls calls = calls();
    try {
      calls.brgemm.invokeExact(
          (long) block.rows,
          (long) block.columns,
          (long) block.inner,
          block.stride,
          block.panelStride,
          block.sumStride,
          block.adds,
          a,
          panel,
          sums,
          true);
    } catch (Throwable e) {
      throw new IllegalStateException(e); // a call into C throws nothing
    }
  }

  /** Gives the tiles back, which a thread must do before it calls other products. */
  static void release() {
    Calls calls = CALLS;
    if (calls == null) {
      return;
    }
    try {
      calls.release.invokeExact(true);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static Calls calls() {
    Calls calls = CALLS;
    if (calls == null) {
      throw new IllegalStateException("the processor has no tiles");
    }
    return calls;
  }
}
