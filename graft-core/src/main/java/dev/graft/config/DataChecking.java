package dev.graft.config;

/** What mistakes in the data do to a run. */
public enum DataChecking {
  /** Errors stop the run before it begins. */
  ERROR,
  /** Everything that can be trained on is trained on; what was found is shown. */
  WARN,
  /** Nothing is looked for. */
  OFF
}
