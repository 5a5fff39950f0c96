package dev.graft.bench.autograd;

import dev.graft.engine.DType;
import dev.graft.format.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The few calls that the peer needs beyond libtorch's own. */
final class Torch {
  private Torch() {}

  /** Frees all that {@code work} makes but its result, which the scope around gets. */
  static Tensor scoped(Supplier<Tensor> work) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope inner = new PointerScope()) {
      Tensor result = work.get();
      outer.attach(result); // counted twice, so it outlives the inner scope
      return result;
    }
  }

  /** A stored tensor in the given type. */
  static Tensor load(StoredTensor stored, DType dtype) {
    Tensor tensor = empty(scalarType(dtype), stored.shape());
    long bytes = stored.elements() * dtype.bytes();
    stored.copyTo(MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(bytes), dtype);
    return tensor;
  }

  static Tensor of(float[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Float, shape);
    MemorySegment target = MemorySegment.ofAddress(tensor.data_ptr().address());
    long bytes = values.length * 4L;
    target.reinterpret(bytes).copyFrom(MemorySegment.ofArray(values));
    return tensor;
  }

  static Tensor of(long[] values) {
    Tensor tensor = empty(ScalarType.Long, values.length);
    MemorySegment target = MemorySegment.ofAddress(tensor.data_ptr().address());
    target.reinterpret(values.length * 8L).copyFrom(MemorySegment.ofArray(values));
    return tensor;
  }

  private static Tensor empty(ScalarType type, long... shape) {
    try (TensorOptions options = new TensorOptions(type);
        var format = new org.bytedeco.pytorch.MemoryFormatOptional()) {
      return torch.empty(shape, options, format);
    }
  }

  static ScalarType scalarType(DType dtype) {
    return dtype == DType.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
  }

  static Tensor times(Tensor x, double factor) {
    try (Scalar scalar = new Scalar(factor)) {
      return x.mul(scalar);
    }
  }

  /** Root mean square along the last dimension, its inverse: {@code 1/√(mean(x²) + ε)}. */
  static Tensor inverseRms(Tensor x, double epsilon) {
    try (Scalar two = new Scalar(2.0);
        Scalar e = new Scalar(epsilon);
        ScalarTypeOptional same = new ScalarTypeOptional()) {
      return torch.rsqrt(x.pow(two).mean(new long[] {-1}, true, same).add(e));
    }
  }
}
