package dev.graft.evaluate;

/** TEMPORARY. */
public final class ExactMatch {
  private ExactMatch() {}

  public static boolean same(String answer, String reference) {
    return answer.strip().equals(reference.strip());
  }
}
