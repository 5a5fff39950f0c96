package dev.graft.data.view;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/**
 * Examples as one self-contained page: no script, nothing from the network.
 *
 * <p>Everything from the data is escaped, and characters that browsers act on invisibly are written
 * out, see {@link Visible}. What is learnt is marked by colour and underline and is a {@code mark}
 * element, so that it is heard and printed too.
 */
public final class ExamplePage {
  /** More would make a page that browsers open slowly. */
  private static final int LONGEST_TABLE = 4096;

  private static final int MOST_CUT = 200;

  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Graft: examples as the model sees them</title>
      <style>
      :root { color-scheme: light dark; --text: #1b1b1b; --page: #fff; --faint: #595959; --line: #b8b8b8;
        --learnt: #0b5d1e; --learnt-page: #d9f2df; --odd: rgba(0, 0, 0, .07); --warning: #7a4b00; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #e6e6e6; --page: #161616; --faint: #a8a8a8; --line: #555; --learnt: #a5e8b5;
          --learnt-page: #12391c; --odd: rgba(255, 255, 255, .11); --warning: #ffc66d; }
      }
      body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
        max-width: 70rem; margin: 0 auto; padding: 1rem; }
      h1 { font-size: 1.3rem; } h2 { font-size: 1rem; overflow-wrap: anywhere; }
      .tokens, td.token { font: .95rem/1.7 ui-monospace, monospace; white-space: pre-wrap;
        overflow-wrap: anywhere; tab-size: 4; }
      .tokens { border: 1px solid var(--line); padding: .75rem; }
      .tokens span { unicode-bidi: isolate; direction: ltr; }
      .tokens span:nth-child(even) { background: var(--odd); }
      .tokens span:hover { outline: 2px solid currentColor; }
      mark { color: var(--learnt); background: var(--learnt-page); text-decoration: underline;
        text-underline-offset: .25em; }
      .special { font-weight: bold; border: 1px solid currentColor; border-radius: .3em; padding: 0 .2em; }
      .cut { color: var(--faint); text-decoration: line-through; }
      .limit { color: var(--faint); border-top: 2px dashed var(--line); margin: .5rem 0 0; }
      .warnings { color: var(--warning); }
      table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .1rem .5rem;
        text-align: left; } td.number { text-align: right; }
      </style>
      </head>
      <body>
      <h1>Examples as the model sees them</h1>
      <p><mark>learnt</mark> · not learnt · <span class="special">special token</span> ·
      <span class="cut">cut off by the limit</span> · ↵ line end · ⇥ tab · ␣ space at a border ·
      ⟨U+hhhh⟩ a hidden character · ⟨2/3⟩ the second of three tokens that share a character.
      Shades tell tokens apart; point at one for its number, id and origin.</p>
      """;

  private final Writer out;

  /** Begins a page. */
  public ExamplePage(Writer out) throws IOException {
    this.out = out;
    out.write(HEAD);
  }

  /** Adds an example. */
  public void add(ShownExample example) throws IOException {
    out.write("<section>\n<h2>");
    text(Visible.line(example.file().toString()) + ":" + example.line());
    out.write("</h2>\n<p>");
    text(ExampleText.summary(example));
    out.write("</p>\n");
    warnings(example.warnings());
    out.write("<div class=\"tokens\" dir=\"ltr\">");
    tokens(example.text(), example.seen(), true);
    out.write("</div>\n");
    rest(example);
    table(example.text(), example.seen());
    out.write("</section>\n");
  }

  /** Ends the page; does not close the writer. */
  public void end() throws IOException {
    out.write("</body>\n</html>\n");
    out.flush();
  }

  private void warnings(List<String> warnings) throws IOException {
    if (warnings.isEmpty()) {
      return;
    }
    out.write("<ul class=\"warnings\">\n");
    for (String warning : warnings) {
      out.write("<li>Warning: ");
      text(warning);
      out.write("</li>\n");
    }
    out.write("</ul>\n");
  }

  private void tokens(String text, List<ShownToken> tokens, boolean seen) throws IOException {
    boolean open = false;
    for (ShownToken token : tokens) {
      boolean learnt = seen && token.learnt();
      if (learnt != open) {
        out.write(learnt ? "<mark>" : "</mark>");
        open = learnt;
      }
      out.write("<span");
      if (token.special() || !seen) {
        out.write(" class=\"");
        out.write((token.special() ? "special" : "") + (seen ? "" : " cut"));
        out.write('"');
      }
      out.write(" title=\"");
      text(title(token, learnt));
      out.write("\">");
      text(shown(text, token, true));
      out.write("</span>");
    }
    out.write(open ? "</mark>" : "");
  }

  private static String title(ShownToken token, boolean learnt) {
    String origin =
        token.origin().message() < 0 ? token.origin().part() : "message " + token.origin();
    return "token "
        + token.index()
        + ", id "
        + token.id()
        + ", "
        + origin
        + (learnt ? ", learnt" : ", not learnt");
  }

  private static String shown(String text, ShownToken token, boolean lines) {
    StringBuilder out = new StringBuilder();
    ExampleText.append(out, text, token, lines);
    return out.toString();
  }

  private void rest(ShownExample example) throws IOException {
    if (!example.cut()) {
      return;
    }
    int to = Math.min(example.tokens().size(), example.limit() + MOST_CUT);
    out.write(
        "<p class=\"limit\">Limit of " + example.limit() + " tokens: the model sees nothing of");
    out.write(" what follows.</p>\n<div class=\"tokens\" dir=\"ltr\">");
    tokens(example.text(), example.tokens().subList(example.limit(), to), false);
    out.write(to < example.tokens().size() ? "…</div>\n" : "</div>\n");
  }

  private void table(String text, List<ShownToken> tokens) throws IOException {
    if (tokens.size() > LONGEST_TABLE) {
      return;
    }
    out.write(
        "<details><summary>The tokens as a table</summary>\n<table>\n<tr><th scope=\"col\">index");
    out.write(
        "</th><th scope=\"col\">id</th><th scope=\"col\">learnt</th><th scope=\"col\">from</th>");
    out.write("<th scope=\"col\">token</th></tr>\n");
    for (ShownToken token : tokens) {
      out.write("<tr><td class=\"number\">" + token.index() + "</td><td class=\"number\">");
      out.write(token.id() + "</td><td>" + (token.learnt() ? "yes" : "") + "</td><td>");
      text(token.origin().toString());
      out.write("</td><td class=\"token\">");
      text(shown(text, token, false));
      out.write("</td></tr>\n");
    }
    out.write("</table>\n</details>\n");
  }

  private void text(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.write("&amp;");
        case '<' -> out.write("&lt;");
        case '>' -> out.write("&gt;");
        case '"' -> out.write("&quot;");
        case '\'' -> out.write("&#39;");
        default -> out.write(c);
      }
    }
  }
}
