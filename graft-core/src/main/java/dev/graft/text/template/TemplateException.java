package dev.graft.text.template;

/**
 * A template cannot be compiled, or cannot be rendered for these variables.
 *
 * <p>The message is one line; it starts with the line of the template where that is known.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  TemplateException(String message) {
    this(message, 0);
  }

  TemplateException(String message, int line) {
    super(message);
    this.line = line;
  }

  /** The same error at a line; an error that has a line already keeps it. */
  TemplateException at(int where) {
    if (line > 0 || where <= 0) {
      return this;
    }
    var placed = new TemplateException(reason(), where);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** The line of the template, counted from one, or zero when no line is to blame. */
  public int line() {
    return line;
  }

  /** What is wrong, without the line. */
  public String reason() {
    return String.valueOf(super.getMessage());
  }

  @Override
  public String getMessage() {
    return line > 0 ? "line " + line + ": " + reason() : reason();
  }
}
