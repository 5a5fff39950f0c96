package dev.graft.goal;

/**
 * What a check says of an answer.
 *
 * @param badness how far an answer is off, to show the worst first; 0 for those that are not
 * @param what what is wrong in a few words, empty where nothing is
 */
record Outcome(State state, double badness, String what) {
  /** Whether the answer is as it should be. */
  enum State {
    MET,
    MISSED,
    UNDECIDED
  }

  static final Outcome MET = new Outcome(State.MET, 0, "");
  static final Outcome UNDECIDED = new Outcome(State.UNDECIDED, 0, "");

  static Outcome missed(double badness, String what) {
    return new Outcome(State.MISSED, badness, what);
  }

  static Outcome metIf(boolean met, String otherwise) {
    return met ? MET : missed(1, otherwise);
  }
}
