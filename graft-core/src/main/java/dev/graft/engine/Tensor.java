package dev.graft.engine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A libtorch tensor that belongs to a {@link Scope}.
 *
 * <p>Views ({@link #view}, {@link #narrow}, {@link #transpose} …) share the elements of the tensor
 * they come from and keep them alive. Methods named {@code …InPlace} and {@code copyFrom} change
 * this tensor and return it; all others leave it alone and return a new one in the innermost open
 * scope. Mathematics beyond the elementary is in {@link Ops}.
 */
public final class Tensor {
  /** Called when a tensor was made, by whoever measures memory. */
  static volatile @Nullable Consumer<Tensor> watch;

  final org.bytedeco.pytorch.Tensor raw;
  @Nullable Scope owner;

  private Tensor(org.bytedeco.pytorch.Tensor raw) {
    this.raw = raw;
  }

  /** Runs a native call that makes a tensor and puts the result into the innermost scope. */
  static Tensor of(Supplier<org.bytedeco.pytorch.Tensor> call) {
    Scope scope = Scope.current();
    try {
      Tensor made = scope.hold(new Tensor(call.get()));
      Consumer<Tensor> each = watch;
      if (each != null) {
        each.accept(made);
      }
      return made;
    } catch (RuntimeException e) {
      throw EngineException.from(e);
    }
  }

  /** Frees the tensor before its scope closes. */
  public void free() {
    owner = null;
    raw.close();
  }

  // ---- creation

  /** A tensor with undefined elements. */
  public static Tensor empty(DType dtype, Device device, long... shape) {
    Native.load();
    try (TensorOptions options = Native.options(dtype, device);
        MemoryFormatOptional same = new MemoryFormatOptional()) {
      return of(() -> torch.empty(shape, options, same));
    }
  }

  /** A tensor of zeros. */
  public static Tensor zeros(DType dtype, Device device, long... shape) {
    Native.load();
    try (TensorOptions options = Native.options(dtype, device)) {
      return of(() -> torch.zeros(shape, options));
    }
  }

  /** A float32 tensor on the processor with these elements in row-major order. */
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = empty(DType.F32, Device.CPU, shape);
    tensor.checkCount(values.length);
    MemorySegment.copy(MemorySegment.ofArray(values), 0, tensor.memory(), 0, values.length * 4L);
    return tensor;
  }

  /** A float64 tensor on the processor with these elements in row-major order. */
  public static Tensor of(double[] values, long... shape) {
    Tensor tensor = empty(DType.F64, Device.CPU, shape);
    tensor.checkCount(values.length);
    MemorySegment.copy(MemorySegment.ofArray(values), 0, tensor.memory(), 0, values.length * 8L);
    return tensor;
  }

  /** An int64 tensor on the processor with these elements in row-major order. */
  public static Tensor of(long[] values, long... shape) {
    Tensor tensor = empty(DType.I64, Device.CPU, shape);
    tensor.checkCount(values.length);
    MemorySegment.copy(MemorySegment.ofArray(values), 0, tensor.memory(), 0, values.length * 8L);
    return tensor;
  }

  /**
   * A tensor over memory that someone else owns, without a copy. The memory must outlive the tensor
   * and hold exactly the elements, row-major.
   */
  public static Tensor over(MemorySegment memory, DType dtype, long... shape) {
    Native.load();
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (memory.byteSize() != count * dtype.bytes()) {
      throw new IllegalArgumentException(
          memory.byteSize() + " bytes do not hold " + Arrays.toString(shape) + " of " + dtype);
    }
    try (TensorOptions options = Native.options(dtype, Device.CPU)) {
      return of(() -> torch.from_blob(new Address(memory.address()), shape, options));
    }
  }

  /** A JavaCPP pointer to a given address. */
  private static final class Address extends Pointer {
    Address(long address) {
      this.address = address;
    }
  }

  /** Like this tensor in element type and device, with another shape and undefined elements. */
  public Tensor newEmpty(long... shape) {
    return empty(dtype(), device(), shape);
  }

  /** Like this tensor in element type and device, with another shape and zeros. */
  public Tensor newZeros(long... shape) {
    return zeros(dtype(), device(), shape);
  }

  // ---- properties

  /** Sizes of the dimensions. */
  public long[] shape() {
    long[] shape = new long[dim()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = raw.size(i);
    }
    return shape;
  }

  /** Size of one dimension; negative numbers count from the end. */
  public long size(int dimension) {
    return raw.size(dimension);
  }

  public int dim() {
    return (int) raw.dim();
  }

  public long elements() {
    return raw.numel();
  }

  public DType dtype() {
    return Native.dtype(raw.scalar_type());
  }

  /** Where the elements are. */
  public Device device() {
    try (var device = raw.device()) {
      return device.is_cpu() ? Device.CPU : Device.cuda(device.index());
    }
  }

  public boolean isContiguous() {
    return raw.is_contiguous();
  }

  /** The elements' memory: of a contiguous tensor on the processor, valid while the tensor is. */
  public MemorySegment memory() {
    if (!isContiguous()) {
      throw new IllegalStateException("only a contiguous tensor shows its memory");
    }
    long bytes = elements() * dtype().bytes();
    return MemorySegment.ofAddress(raw.data_ptr().address()).reinterpret(bytes);
  }

  // ---- to Java

  /** The elements as float32 in row-major order. */
  public float[] toFloats() {
    try (Scope scope = Scope.open()) {
      Tensor plain = to(DType.F32).to(Device.CPU).contiguous();
      float[] values = new float[Math.toIntExact(plain.elements())];
      MemorySegment.copy(plain.memory(), 0, MemorySegment.ofArray(values), 0, values.length * 4L);
      return values;
    }
  }

  /** The elements as float64 in row-major order. */
  public double[] toDoubles() {
    try (Scope scope = Scope.open()) {
      Tensor plain = to(DType.F64).to(Device.CPU).contiguous();
      double[] values = new double[Math.toIntExact(plain.elements())];
      MemorySegment.copy(plain.memory(), 0, MemorySegment.ofArray(values), 0, values.length * 8L);
      return values;
    }
  }

  /** The elements as int64 in row-major order. */
  public long[] toLongs() {
    try (Scope scope = Scope.open()) {
      Tensor plain = to(DType.I64).to(Device.CPU).contiguous();
      long[] values = new long[Math.toIntExact(plain.elements())];
      MemorySegment.copy(plain.memory(), 0, MemorySegment.ofArray(values), 0, values.length * 8L);
      return values;
    }
  }

  /** The only element. */
  public double item() {
    try {
      return raw.item_double();
    } catch (RuntimeException e) {
      throw EngineException.from(e);
    }
  }

  // ---- conversion

  /** This tensor if it has that element type already, else a converted copy. */
  public Tensor to(DType dtype) {
    return dtype() == dtype ? this : of(() -> raw.to(Native.scalarType(dtype)));
  }

  /** This tensor if it is there already, else a copy on that device. */
  public Tensor to(Device device) {
    if (device().equals(device)) {
      return this;
    }
    try (var target = device.toNative()) {
      return of(() -> raw.to(target, raw.scalar_type()));
    }
  }

  /** This tensor if it is contiguous, else a contiguous copy. */
  public Tensor contiguous() {
    return isContiguous() ? this : of(raw::contiguous);
  }

  /** A copy with memory of its own. */
  public Tensor copy() {
    try (MemoryFormatOptional plain = new MemoryFormatOptional(torch.MemoryFormat.Contiguous)) {
      return of(() -> raw.clone(plain));
    }
  }

  // ---- views

  public Tensor view(long... shape) {
    return of(() -> raw.view(shape));
  }

  /** A view where the layout allows it, else a copy. */
  public Tensor reshape(long... shape) {
    return of(() -> raw.reshape(shape));
  }

  public Tensor narrow(int dimension, long start, long length) {
    return of(() -> raw.narrow(dimension, start, length));
  }

  public Tensor transpose(int a, int b) {
    return of(() -> raw.transpose(a, b));
  }

  public Tensor permute(long... order) {
    return of(() -> raw.permute(order));
  }

  public Tensor select(int dimension, long index) {
    return of(() -> raw.select(dimension, index));
  }

  public Tensor unsqueeze(int dimension) {
    return of(() -> raw.unsqueeze(dimension));
  }

  public Tensor expand(long... shape) {
    return of(() -> raw.expand(shape));
  }

  // ---- in place

  public Tensor zeroInPlace() {
    raw.zero_();
    return this;
  }

  public Tensor fillInPlace(double value) {
    try (Scalar scalar = new Scalar(value)) {
      raw.fill_(scalar);
      return this;
    }
  }

  /** Takes the elements of {@code other}, converted to this tensor's type and broadcast. */
  public Tensor copyFrom(Tensor other) {
    return run(() -> raw.copy_(other.raw));
  }

  public Tensor addInPlace(Tensor other) {
    return run(() -> raw.add_(other.raw));
  }

  /** Adds {@code scale · other}. */
  public Tensor addInPlace(Tensor other, double scale) {
    try (Scalar scalar = new Scalar(scale)) {
      return run(() -> raw.add_(other.raw, scalar));
    }
  }

  public Tensor addInPlace(double value) {
    try (Scalar scalar = new Scalar(value)) {
      return run(() -> raw.add_(scalar));
    }
  }

  public Tensor subInPlace(Tensor other) {
    return run(() -> raw.sub_(other.raw));
  }

  public Tensor mulInPlace(Tensor other) {
    return run(() -> raw.mul_(other.raw));
  }

  public Tensor mulInPlace(double value) {
    try (Scalar scalar = new Scalar(value)) {
      return run(() -> raw.mul_(scalar));
    }
  }

  Tensor run(Supplier<org.bytedeco.pytorch.Tensor> call) {
    try {
      var _ = call.get();
      return this;
    } catch (RuntimeException e) {
      throw EngineException.from(e);
    }
  }

  // ---- elementary mathematics

  public Tensor plus(Tensor other) {
    return of(() -> raw.add(other.raw));
  }

  public Tensor minus(Tensor other) {
    return of(() -> raw.sub(other.raw));
  }

  public Tensor times(Tensor other) {
    return of(() -> raw.mul(other.raw));
  }

  public Tensor times(double value) {
    try (Scalar scalar = new Scalar(value)) {
      return of(() -> raw.mul(scalar));
    }
  }

  /** Matrix product, batched and broadcast as in NumPy. */
  public Tensor matmul(Tensor other) {
    Tensor product = of(() -> raw.matmul(other.raw));
    Work.product(product.elements(), size(dim() - 1));
    return product;
  }

  private void checkCount(int count) {
    if (count != elements()) {
      throw new IllegalArgumentException(count + " values do not fill " + Arrays.toString(shape()));
    }
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape()) + ":" + dtype();
  }
}
