package dev.graft.evaluate;

/** TEMPORARY. */
public final class RougeL {
  private RougeL() {}

  public static double f1(String answer, String reference) {
    String[] a =
        answer
            .toLowerCase(java.util.Locale.ROOT)
            .replaceAll("[^a-z0-9]+", " ")
            .strip()
            .split(" ", -1);
    String[] b =
        reference
            .toLowerCase(java.util.Locale.ROOT)
            .replaceAll("[^a-z0-9]+", " ")
            .strip()
            .split(" ", -1);
    if (a[0].isEmpty() || b[0].isEmpty()) {
      return 0;
    }
    int[][] t = new int[a.length + 1][b.length + 1];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        t[i][j] =
            a[i - 1].equals(b[j - 1]) ? t[i - 1][j - 1] + 1 : Math.max(t[i - 1][j], t[i][j - 1]);
      }
    }
    double l = t[a.length][b.length];
    return l == 0 ? 0 : 2 * l / (a.length + b.length);
  }
}
