package dev.graft.text;

import dev.graft.InputException;
import dev.graft.text.template.Rendered;
import dev.graft.text.template.Template;
import dev.graft.text.template.TemplateException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chat template of a model: turns a conversation into the text the model was trained on.
 *
 * <p>It renders what {@code apply_chat_template} of transformers renders. It is immutable and can
 * be used by several threads.
 */
public final class ChatTemplate {
  private final Template template;
  private final @Nullable Template toolTemplate;
  private final String name;
  private final Map<String, String> specialTokens;
  private final Clock clock;

  private ChatTemplate(
      Template template,
      @Nullable Template toolTemplate,
      String name,
      Map<String, String> specialTokens,
      Clock clock) {
    this.template = template;
    this.toolTemplate = toolTemplate;
    this.name = name;
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
  }

  /**
   * Compiles a template.
   *
   * @param nameForErrors what error messages start with, such as the name of the file
   * @throws InputException if it is not a template
   */
  public static ChatTemplate of(String source, String nameForErrors) {
    return of(source, null, nameForErrors);
  }

  /**
   * Compiles a template and another one that is used when there are tools.
   *
   * @throws InputException if one is not a template
   */
  static ChatTemplate of(String source, @Nullable String toolSource, String nameForErrors) {
    try {
      return new ChatTemplate(
          Template.compile(source),
          toolSource == null ? null : Template.compile(toolSource),
          nameForErrors,
          Map.of(),
          Clock.system(ZoneId.systemDefault()));
    } catch (TemplateException e) {
      throw inputException(nameForErrors, e);
    }
  }

  /**
   * Reads the chat template of a model directory: {@code chat_template.jinja} (with {@code
   * additional_chat_templates/tool_use.jinja}), else {@code chat_template} in {@code
   * tokenizer_config.json}, else {@code chat_template.json}. The special tokens are those of {@code
   * tokenizer_config.json}.
   *
   * @return empty when the model has no chat template
   * @throws InputException if a file cannot be read or is wrong
   */
  public static Optional<ChatTemplate> load(Path modelDirectory) {
    return ChatTemplateFiles.load(modelDirectory);
  }

  /** The same template with these special tokens: names such as {@code eos_token} to strings. */
  public ChatTemplate withSpecialTokens(Map<String, String> tokens) {
    return new ChatTemplate(template, toolTemplate, name, tokens, clock);
  }

  /** The same template with another clock for {@code strftime_now}. */
  public ChatTemplate withClock(Clock newClock) {
    return new ChatTemplate(template, toolTemplate, name, specialTokens, newClock);
  }

  /** The special tokens by name, as {@code bos_token}. */
  public Map<String, String> specialTokens() {
    return specialTokens;
  }

  /**
   * Renders a conversation and says which message each part of the text came from.
   *
   * @throws InputException if the template refuses the conversation
   */
  public Rendered render(ChatInput input) {
    Template used = toolTemplate != null && input.tools() != null ? toolTemplate : template;
    try {
      return used.renderTracked(variables(input), clock);
    } catch (TemplateException e) {
      throw inputException(name, e);
    }
  }

  /**
   * Renders with these variables and the special tokens alone, as Jinja does: what is not given is
   * undefined, where {@link #render} gives {@code none}, and messages are left as they are.
   *
   * @throws InputException if the template refuses the variables
   */
  public Rendered renderPlainly(Map<String, ? extends @Nullable Object> variables) {
    var all = new HashMap<String, @Nullable Object>(specialTokens);
    all.putAll(variables);
    try {
      return template.renderTracked(all, clock);
    } catch (TemplateException e) {
      throw inputException(name, e);
    }
  }

  private Map<String, @Nullable Object> variables(ChatInput input) {
    List<Object> messages = new ArrayList<>(input.messages().size());
    for (int i = 0; i < input.messages().size(); i++) {
      messages.add(Messages.withReasoning(Messages.fields(input.messages().get(i), i)));
    }
    var variables = new HashMap<String, @Nullable Object>(specialTokens);
    variables.putAll(input.variables());
    variables.put("messages", messages);
    variables.put("tools", input.tools());
    variables.put("documents", input.documents());
    variables.put("add_generation_prompt", input.addGenerationPrompt());
    return variables;
  }

  private static InputException inputException(String name, TemplateException e) {
    String where = e.line() > 0 ? name + ":" + e.line() : name;
    String reason = e.reason().strip().replaceAll("\\s*\\R\\s*", " ");
    return new InputException(where + ": chat template: " + reason, e);
  }
}
