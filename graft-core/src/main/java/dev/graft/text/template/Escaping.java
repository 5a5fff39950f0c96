package dev.graft.text.template;

/** HTML escapes, for {@code escape} and for what is joined to text marked {@code safe}. */
final class Escaping {
  private Escaping() {}

  static Text escape(Context context, Text text) {
    if (text.markup) {
      return text;
    }
    var out = new TextBuilder(context);
    text.forEachRun((start, end, tag) -> escapeRun(text.string, start, end, tag, out));
    return out.toText().withMarkup(true);
  }

  private static void escapeRun(String s, int start, int end, long tag, TextBuilder out) {
    int from = start;
    for (int i = start; i < end; i++) {
      String entity =
          switch (s.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&#34;";
            case '\'' -> "&#39;";
            default -> "";
          };
      if (!entity.isEmpty()) {
        out.append(s.substring(from, i), tag).append(entity, tag);
        from = i + 1;
      }
    }
    out.append(s.substring(from, end), tag);
  }
}
