package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScopeTest {
  @Test
  void tensor_outsideOfAScope_isRefused() {
    assertThatThrownBy(() -> Tensor.zeros(DType.F32, Device.CPU, 2))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void lift_outlivesTheInnerScope() {
    try (Scope outer = Scope.open()) {
      Tensor kept;
      try (Scope inner = Scope.open()) {
        Tensor a = Tensor.of(new float[] {1, 2}, 2);
        kept = inner.lift(a.times(3));
        assertThat(inner.size()).isEqualTo(1);
      }
      assertThat(kept.toFloats()).containsExactly(3, 6);
      assertThat(outer.size()).isEqualTo(1);
    }
  }

  @Test
  void holder_keepsWhatItIsGiven() {
    Scope holder = Scope.holder();
    Tensor kept;
    try (Scope scope = Scope.open()) {
      kept = holder.hold(Tensor.of(new long[] {4, 5}, 2));
    }
    try (Scope scope = Scope.open()) {
      assertThat(kept.toLongs()).containsExactly(4, 5);
    }
    holder.close();
  }

  @Test
  void close_inTheWrongOrder_isRefused() {
    Scope outer = Scope.open();
    Scope inner = Scope.open();
    assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
    inner.close();
  }

  @Test
  void operation_thatLibtorchRefuses_isAShortException() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.zeros(DType.F32, Device.CPU, 2, 3);
      assertThatThrownBy(() -> Ops.mm(a, a))
          .isInstanceOf(EngineException.class)
          .hasMessageNotContaining("\n");
    }
  }
}
