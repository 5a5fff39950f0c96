package dev.graft.data.view;

import java.util.List;

/**
 * Examples as text for a terminal or a file.
 *
 * <p>Without colour, {@code ⟦…⟧} holds what is learnt, {@code ⟪…⟫} a special token, and {@code │}
 * stands between tokens; {@code ⟨2/3⟩} is the second of three tokens that share a character. In
 * colour what is learnt is bold green and neighbouring tokens differ in brightness.
 */
public final class ExampleText {
  /** What the marks mean, for the top of a text without colour. */
  public static final String LEGEND =
      "⟦learnt⟧  ⟪special token⟫  │ between tokens  ↵ line end  ⇥ tab  ␣ space at a border"
          + "  ⟨U+hhhh⟩ hidden character  ⟨2/3⟩ part of a character";

  /** What the colours mean. */
  public static final String COLOR_LEGEND =
      Style.LEARNT.paint("learnt")
          + "  not learnt  "
          + Style.SPECIAL.paint("special token")
          + "  "
          + Style.CUT.paint("cut off")
          + "  ↵ line end  ⇥ tab  ␣ space at a border  ⟨U+hhhh⟩ hidden character"
          + "  ⟨2/3⟩ part of a character";

  /** Enough behind the limit to see what is lost. */
  private static final int MOST_CUT = 200;

  private final ShownExample example;
  private final boolean color;
  private final StringBuilder out = new StringBuilder();

  private ExampleText(ShownExample example, boolean color) {
    this.example = example;
    this.color = color;
  }

  /** Select graphic rendition codes of terminals. */
  private enum Style {
    LEARNT("1;32"),
    LEARNT_BRIGHT("1;92"),
    LEARNT_SPECIAL("1;7;32"),
    SPECIAL("7;2"),
    PLAIN("0"),
    FAINT("2"),
    CUT("2;9"),
    WARNING("33");

    private final String code;

    Style(String code) {
      this.code = code;
    }

    String paint(String text) {
      return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
  }

  /** An example: its header, warnings, and tokens; ends with a line end. */
  public static String of(ShownExample example, boolean color) {
    ExampleText text = new ExampleText(example, color);
    text.header();
    if (color) {
      text.colored();
    } else {
      text.marked(example.seen(), true);
    }
    text.rest();
    return text.out.toString();
  }

  /** The header and a line for each token that the model sees: index, id, learnt, origin, text. */
  public static String table(ShownExample example, boolean color) {
    ExampleText text = new ExampleText(example, color);
    text.header();
    text.rows(example.seen());
    if (example.cut()) {
      text.out.append(text.faint(limitLine(example))).append('\n');
    }
    return text.out.toString();
  }

  private void header() {
    out.append(Visible.line(example.file().toString())).append(':').append(example.line());
    out.append(": ").append(summary(example)).append('\n');
    for (String warning : example.warnings()) {
      String line = "warning: " + warning;
      out.append(color ? Style.WARNING.paint(line) : line).append('\n');
    }
  }

  /** What the example is, and how many tokens are seen and learnt. */
  static String summary(ShownExample example) {
    StringBuilder text = new StringBuilder();
    if (!example.answer().isEmpty()) {
      text.append(example.answer()).append(" answer, ");
    }
    text.append(example.kind()).append(", ");
    text.append(ExampleViewer.count(example.tokens().size(), "token")).append(", ");
    text.append(example.learnt()).append(" learnt");
    if (example.cut()) {
      text.append("; the limit of ").append(example.limit()).append(" cuts off ");
      text.append(ExampleViewer.count(example.tokens().size() - example.limit(), "token"));
      text.append(", ").append(example.learntLost()).append(" learnt");
    }
    return text.toString();
  }

  static String limitLine(ShownExample example) {
    return "── limit of " + example.limit() + " tokens: the model sees nothing behind this line ──";
  }

  private void marked(List<ShownToken> tokens, boolean learntMarks) {
    boolean open = false;
    boolean bare = false;
    for (ShownToken token : tokens) {
      boolean learnt = learntMarks && token.learnt();
      if (learnt != open) {
        out.append(learnt ? '⟦' : '⟧');
        open = learnt;
        bare = false;
      }
      if (bare && !token.special()) {
        out.append('│');
      }
      append(token);
      bare = !token.special();
    }
    out.append(open ? "⟧\n" : "\n");
  }

  private void append(ShownToken token) {
    out.append(token.special() ? "⟪" : "");
    append(out, example.text(), token, true);
    out.append(token.special() ? "⟫" : "");
  }

  /** A token's text, safe to be looked at. */
  static void append(StringBuilder out, String text, ShownToken token, boolean lines) {
    if (token.start() < 0) {
      Visible.append(out, token.text(), 0, token.text().length(), lines);
    } else {
      Visible.append(out, text, token.start(), token.start() + token.text().length(), lines);
    }
    out.append(token.share());
  }

  private void colored() {
    for (ShownToken token : example.seen()) {
      StringBuilder text = new StringBuilder();
      append(text, example.text(), token, true);
      out.append(style(token).paint(text.toString()));
    }
    out.append('\n');
  }

  private static Style style(ShownToken token) {
    boolean odd = token.index() % 2 == 1;
    if (token.special()) {
      return token.learnt() ? Style.LEARNT_SPECIAL : Style.SPECIAL;
    }
    return token.learnt()
        ? odd ? Style.LEARNT_BRIGHT : Style.LEARNT
        : odd ? Style.FAINT : Style.PLAIN;
  }

  private void rest() {
    if (!example.cut()) {
      return;
    }
    out.append(faint(limitLine(example))).append('\n');
    int to = Math.min(example.tokens().size(), example.limit() + MOST_CUT);
    List<ShownToken> lost = example.tokens().subList(example.limit(), to);
    if (color) {
      StringBuilder text = new StringBuilder();
      lost.forEach(token -> append(text, example.text(), token, true));
      out.append(Style.CUT.paint(text.toString())).append('\n');
    } else {
      marked(lost, false);
    }
    if (to < example.tokens().size()) {
      out.append("… ").append(ExampleViewer.count(example.tokens().size() - to, "more token"));
      out.append('\n');
    }
  }

  private String faint(String text) {
    return color ? Style.FAINT.paint(text) : text;
  }

  private void rows(List<ShownToken> tokens) {
    int origins = tokens.stream().mapToInt(t -> t.origin().toString().length()).max().orElse(0);
    String format = "%7s  %7s  %-6s  %-" + Math.max(4, Math.min(40, origins)) + "s  %s%n";
    out.append(String.format(format, "index", "id", "learnt", "from", "token"));
    for (ShownToken token : tokens) {
      StringBuilder text = new StringBuilder();
      text.append(token.special() ? "⟪" : "│");
      append(text, example.text(), token, false);
      text.append(token.special() ? "⟫" : "│");
      String shown = color ? style(token).paint(text.toString()) : text.toString();
      String learnt = token.learnt() ? "yes" : "";
      out.append(String.format(format, token.index(), token.id(), learnt, token.origin(), shown));
    }
  }
}
