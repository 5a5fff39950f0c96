package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.engine.Work;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Work} counts, against a count by hand from the shapes. */
class WorkCountTest {
  private static final DecoderSpec SPEC = TinyDecoders.spec(true, false, false, 0);
  private static final int RANK = 4;
  private static final int COLUMNS = 32;

  // TinyDecoders.tokens(): segments of 7 and 5, 7 of the 12 tokens are learnt.
  private static final long N = 12;
  private static final long M = 7;
  private static final long PAIRS = 7 * 7 + 5 * 5;

  private static double counted(Runnable work) {
    long before = Work.mark();
    work.run();
    return Work.flops(before, Work.mark());
  }

  /** One of a layer's four products, x (rows, in) to y (rows, out) of {@code parts} projections. */
  private record Product(long rows, long in, long out, int parts) {
    double plain() {
      return 2.0 * rows * in * out;
    }

    double withLora() {
      return 2.0 * rows * in * COLUMNS + 2.0 * rows * (in + COLUMNS) * out;
    }

    /** Both gradients of a trained weight, or of the input and A and B. */
    double loraBackward(boolean inputGradient) {
      double through =
          inputGradient
              ? 2.0 * rows * out * (in + COLUMNS) + 2.0 * rows * COLUMNS * in
              : 2.0 * rows * out * COLUMNS;
      return through + 2.0 * rows * (parts * RANK) * in + 2.0 * rows * out * COLUMNS;
    }
  }

  /** The products of a layer; behind attention the last one has only rows that are learnt. */
  private static List<Product> layer(int index) {
    long rows = index == SPEC.layers() - 1 ? M : N;
    int d = SPEC.hidden();
    int wide = SPEC.intermediate();
    return List.of(
        new Product(N, d, SPEC.queryWidth() + 2L * SPEC.keyWidth(), 3),
        new Product(rows, SPEC.queryWidth(), d, 1),
        new Product(rows, d, 2L * wide, 2),
        new Product(rows, wide, d, 1));
  }

  /** One product of queries and keys of every head. */
  private static double attention() {
    return 2.0 * SPEC.queryWidth() * PAIRS;
  }

  private static double head() {
    return 2.0 * M * SPEC.hidden() * SPEC.vocabulary();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void full_forwardAndBackward_isWhatTheShapesSay(boolean recompute) {
    double forward = 0;
    for (int i = 0; i < SPEC.layers(); i++) {
      forward += layer(i).stream().mapToDouble(Product::plain).sum() + 2 * attention();
    }
    // Each product twice more; attention computes its scores anew and has four gradients.
    double backward =
        2 * (forward - 2.0 * SPEC.layers() * attention()) + 5.0 * SPEC.layers() * attention();
    double again = recompute ? forward : 0;
    try (Scope scope = Scope.open();
        Decoder model = TinyDecoders.make(SPEC, DType.F32, 3)) {
      model.trainAll();
      model.recomputeActivations(recompute);
      assertThat(counted(() -> model.losses(TinyDecoders.tokens()))).isEqualTo(forward + head());
      assertThat(counted(() -> model.accumulate(TinyDecoders.tokens(), 1, 0)))
          .isEqualTo(forward + again + backward + 3 * head());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lora_forwardAndBackward_isWhatTheShapesSay(boolean recompute) {
    double forward = 0;
    double backward = 0;
    for (int i = 0; i < SPEC.layers(); i++) {
      List<Product> products = layer(i);
      forward += products.stream().mapToDouble(Product::withLora).sum() + 2 * attention();
      for (Product product : products) {
        boolean lowest = i == 0 && product.parts() == 3; // below it nothing is trained
        backward += product.loraBackward(!lowest);
      }
      backward += 5 * attention();
    }
    double again = recompute ? forward : 0;
    try (Scope scope = Scope.open();
        Decoder model = TinyDecoders.make(SPEC, DType.F32, 3)) {
      LoraSpec lora = LoraSpec.allLinear(RANK, 8);
      model.attach(lora.resolve(model.adaptableModules()), 0);
      model.trainAdapter();
      model.recomputeActivations(recompute);
      assertThat(counted(() -> model.accumulate(TinyDecoders.tokens(), 1, 0)))
          .isEqualTo(forward + again + backward + 2 * head());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void generation_oneToken_isWhatTheShapesSay(DType dtype) {
    DecoderSpec spec = TinyDecoders.wideSpec(4, 0);
    try (Scope scope = Scope.open();
        Decoder model = TinyDecoders.make(spec, dtype, 3);
        DecodeSession session = model.newSession();
        KeyValueCache cache = session.newCache(8)) {
      assertThat(session instanceof KernelDecodeSession)
          .isEqualTo(dtype == DType.BF16 && Kernels.path().contains("vector"));
      session.begin(List.of(new int[] {5, 6, 7}), List.of(cache));
      double weights =
          spec.hidden() * (2.0 * spec.queryWidth() + 2.0 * spec.keyWidth())
              + 3.0 * spec.hidden() * spec.intermediate();
      double attended = 2.0 * spec.queryWidth() * 4; // three tokens before it, and itself
      double expected =
          2 * (spec.layers() * (weights + attended) + (double) spec.hidden() * spec.vocabulary());
      assertThat(counted(() -> session.next(new int[] {9}, List.of(cache)))).isEqualTo(expected);
    }
  }

  @Test
  void products_ofOtherKinds_count() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.zeros(DType.F32, Device.CPU, 2, 3, 5);
      assertThat(counted(() -> a.matmul(Tensor.zeros(DType.F32, Device.CPU, 2, 5, 4))))
          .isEqualTo(2.0 * 2 * 3 * 5 * 4);
    }
  }

  @Test
  void flops_ofACountThatRanOver_isTheDifference() {
    assertThat(Work.flops(Long.MAX_VALUE - 2, Long.MIN_VALUE + 2)).isEqualTo(10);
  }
}
