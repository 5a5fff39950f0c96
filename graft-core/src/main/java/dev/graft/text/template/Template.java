package dev.graft.text.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled Jinja template, with the settings that Hugging Face chat templates are written for:
 * {@code trim_blocks} and {@code lstrip_blocks}, {@code break} and {@code continue}, the {@code
 * generation} block, immutable values.
 *
 * <p>It is immutable and can be used by several threads. The language is that of the <a
 * href="https://jinja.palletsprojects.com/en/stable/templates/">template designer documentation</a>
 * of Jinja 3.1 without other templates to include or import.
 */
public final class Template {
  private final List<Stmt> body;
  private final Limits limits;

  private Template(List<Stmt> body, Limits limits) {
    this.body = body;
    this.limits = limits;
  }

  /**
   * Compiles a template with the default limits.
   *
   * @throws TemplateException if it is not a template
   */
  public static Template compile(String source) {
    return compile(source, Limits.DEFAULT);
  }

  /**
   * Compiles a template.
   *
   * @throws TemplateException if it is not a template
   */
  public static Template compile(String source, Limits limits) {
    if (source.length() > limits.maxSource()) {
      throw new TemplateException(
          "the template has more than " + limits.maxSource() + " characters");
    }
    try {
      return new Template(Parser.parse(Lexer.tokenize(source), limits.maxNesting()), limits);
    } catch (StackOverflowError tooDeep) {
      throw new TemplateException("the template is nested too deeply");
    }
  }

  /**
   * Renders the text alone.
   *
   * @param variables JSON-like values: maps, lists, strings, numbers, booleans, null, or Jackson
   *     nodes
   * @param clock the time of {@code strftime_now}
   * @throws TemplateException if the template raises an error for these variables
   */
  public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    return run(variables, clock, false).toText().string;
  }

  /**
   * Renders the text and says where it came from: the variable {@code messages} is a list of
   * messages, and every character copied from one of them is in a {@link Span}.
   *
   * @param variables JSON-like values, as for {@link #render}
   * @param clock the time of {@code strftime_now}
   * @throws TemplateException if the template raises an error for these variables
   */
  public Rendered renderTracked(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    return run(variables, clock, true).toRendered();
  }

  private TextBuilder run(
      Map<String, ? extends @Nullable Object> variables, Clock clock, boolean tracked) {
    try {
      var values = Inputs.convert(variables, tracked, limits.maxValueDepth());
      return new Executor(new Context(limits, clock), values).run(body);
    } catch (StackOverflowError tooDeep) {
      // The depth limit stops well before on a usual thread; this is for one with a small stack.
      throw new TemplateException("the template is nested too deeply");
    }
  }
}
