package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineTest {
  @Test
  void setThreads_takesNoMoreThanProcessors() {
    int before = Engine.threads();
    try {
      Engine.setThreads(100_000);
      assertThat(Engine.threads()).isBetween(1, Runtime.getRuntime().availableProcessors());
    } finally {
      Engine.setThreads(before);
    }
  }
}
