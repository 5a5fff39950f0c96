package dev.graft.config;

/** Foreign text made fit for a one-line message. */
public final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  /** The text in quotes, shortened, on one line and without control characters. */
  public static String quoted(String text) {
    StringBuilder shown = new StringBuilder("'");
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean printable = !Character.isISOControl(c) && c != '\u2028' && c != '\u2029';
      shown.append(printable ? c : '\uFFFD');
    }
    return shown.append(text.length() > LONGEST ? "…'" : "'").toString();
  }
}
