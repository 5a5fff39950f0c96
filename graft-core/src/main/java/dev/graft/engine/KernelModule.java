package dev.graft.engine;

import java.util.Optional;

/**
 * Whether this process uses the kernels: decided once, for a run must not change between two ways
 * of rounding.
 *
 * <p>The Vector API is an incubating module. Resolved by {@code --add-modules} it costs a warning
 * on standard error at every start, so the launcher has {@code -Ddev.graft.kernels=load} and opens
 * what it takes to resolve it while the process runs.
 */
final class KernelModule {
  /** {@code off}: never; {@code load}: resolve the module if need be; else if it is there. */
  static final String PROPERTY = "dev.graft.kernels";

  private static final String NAME = "jdk.incubator.vector";
  private static final boolean USED = find();

  private KernelModule() {}

  static boolean isUsed() {
    return USED;
  }

  private static boolean find() {
    String wish = System.getProperty(PROPERTY, "");
    if (wish.equals("off")
        || java.nio.ByteOrder.nativeOrder() != java.nio.ByteOrder.LITTLE_ENDIAN) {
      return false;
    }
    Optional<Module> module = ModuleLayer.boot().findModule(NAME);
    if (module.isEmpty() && wish.equals("load")) {
      module = load();
    }
    module.ifPresent(KernelModule.class.getModule()::addReads);
    return module.isPresent();
  }

  private static Optional<Module> load() {
    try {
      Object loaded =
          Class.forName("jdk.internal.module.Modules")
              .getMethod("loadModule", String.class)
              .invoke(null, NAME);
      return Optional.ofNullable((Module) loaded);
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger("dev.graft").log(System.Logger.Level.DEBUG, NAME, e);
      return Optional.empty();
    }
  }
}
