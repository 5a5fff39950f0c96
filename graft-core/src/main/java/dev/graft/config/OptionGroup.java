package dev.graft.config;

/** Headings under which options are listed. */
public enum OptionGroup {
  FILES("Model, data and output"),
  TUNING("Method and adapter"),
  OPTIMIZER("Optimizer"),
  BATCHES("Batches"),
  EVALUATION("Evaluation and checkpoints"),
  RUN("Run");

  private final String title;

  OptionGroup(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
