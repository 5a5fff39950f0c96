package dev.graft.engine;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests with two threads for operations; the setting is restored behind each. */
final class TwoThreads implements BeforeEachCallback, AfterEachCallback {
  private int before;

  @Override
  public void beforeEach(ExtensionContext context) {
    before = Engine.threads();
    Engine.setThreads(2);
    Assumptions.assumeTrue(Engine.threads() == 2, "needs two processors");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Engine.setThreads(before);
  }
}
