package dev.graft.engine;

/** Where a tensor lives: the processor's memory or an accelerator's. */
public record Device(Type type, int index) {
  /** Kinds of devices. */
  public enum Type {
    CPU,
    CUDA
  }

  /** The processor. */
  public static final Device CPU = new Device(Type.CPU, 0);

  /** The CUDA accelerator with this index, counted from zero. */
  public static Device cuda(int index) {
    return new Device(Type.CUDA, index);
  }

  @Override
  public String toString() {
    return type == Type.CPU ? "cpu" : "cuda:" + index;
  }

  org.bytedeco.pytorch.Device toNative() {
    return new org.bytedeco.pytorch.Device(toString());
  }
}
