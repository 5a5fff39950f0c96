package dev.graft.data.duplicates;

/**
 * What all texts of a set begin and end with, such as an instruction: it says nothing of how alike
 * two of them are.
 */
public final class CommonEdges {
  /** With fewer, what they have in common may be chance. */
  private static final int FEWEST = 4;

  private String prefix = "";
  private String suffix = "";
  private int texts;
  private int shortest = Integer.MAX_VALUE;

  /** Of no texts yet. */
  public CommonEdges() {}

  /** Takes one text of the set into account. */
  public void add(String text) {
    prefix = texts == 0 ? text : prefix.substring(0, sameStart(prefix, text));
    suffix = texts == 0 ? text : suffix.substring(suffix.length() - sameEnd(suffix, text));
    shortest = Math.min(shortest, text.length());
    texts++;
  }

  /** Whether there is nothing, and will not be whatever else is added. */
  public boolean isNothing() {
    return texts > 0 && prefix.isEmpty() && suffix.isEmpty();
  }

  /** A text of the set, or another, without them. */
  public String without(String text) {
    if (texts < FEWEST) {
      return text;
    }
    // Beginning and end do not overlap in any text.
    String end =
        suffix.substring(suffix.length() - Math.min(suffix.length(), shortest - prefix.length()));
    String rest = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    return rest.endsWith(end) ? rest.substring(0, rest.length() - end.length()) : rest;
  }

  private static int sameStart(String a, String b) {
    int most = Math.min(a.length(), b.length());
    int same = 0;
    while (same < most && a.charAt(same) == b.charAt(same)) {
      same++;
    }
    return same;
  }

  private static int sameEnd(String a, String b) {
    int most = Math.min(a.length(), b.length());
    int same = 0;
    while (same < most && a.charAt(a.length() - 1 - same) == b.charAt(b.length() - 1 - same)) {
      same++;
    }
    return same;
  }
}
