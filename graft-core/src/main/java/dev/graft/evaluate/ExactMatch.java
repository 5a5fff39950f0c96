package dev.graft.evaluate;

/** Whether an answer is the reference, but for white space. */
public final class ExactMatch {
  private ExactMatch() {}

  /**
   * Whether both texts are the same after white space (line ends, tabs and the spaces of Unicode,
   * no-break ones too) is dropped at both ends and each run of it within is made one space. Case,
   * punctuation and accents count: for labels, code and JSON they are part of the answer.
   */
  public static boolean same(String answer, String reference) {
    return collapsed(answer).equals(collapsed(reference));
  }

  private static String collapsed(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean gap = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i); // all white space of Unicode is one char long
      if (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085') {
        gap = true;
        continue;
      }
      if (gap && !out.isEmpty()) {
        out.append(' ');
      }
      gap = false;
      out.append(c);
    }
    return out.toString();
  }
}
