package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.data.view.Visible;
import dev.graft.run.TemplateRun;
import dev.graft.text.ChatInput;
import dev.graft.text.template.CharRange;
import dev.graft.text.template.Rendered;
import dev.graft.text.template.Span;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft data template}: standard output has only the rendering. */
@Command(
    name = "template",
    sortOptions = false,
    footer = {
      "",
      "Example: graft data template --model models/smol --input chat.json --add-generation-prompt"
    },
    description = "Writes a conversation as a chat template renders it, byte for byte.")
final class DataTemplateCommand implements Callable<Integer> {
  /** What is rendered without {@code --input}: no system message, which some templates refuse. */
  static final ChatInput SAMPLE =
      ChatInput.of(
          List.of(
              Map.of("role", "user", "content", "What is the capital of France?"),
              Map.of("role", "assistant", "content", "Paris."),
              Map.of("role", "user", "content", "And of Japan?"),
              Map.of("role", "assistant", "content", "Tokyo.")));

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Model whose template is used: folder, GGUF file, or name on the Hub.")
  private @Nullable String model;

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "A template instead; with --model only its special tokens are used.")
  private @Nullable Path template;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = {
        "Messages as a JSON list, or an object with messages, tools, documents,"
            + " add_generation_prompt and other variables; - is standard input. Without it a"
            + " short conversation is shown."
      })
  private @Nullable String input;

  @Option(
      names = "--add-generation-prompt",
      description = "End with the header of an answer to come.")
  private boolean generationPrompt;

  @Option(names = "--bos", paramLabel = "TEXT", description = "The template's bos_token.")
  private @Nullable String bos;

  @Option(names = "--eos", paramLabel = "TEXT", description = "The template's eos_token.")
  private @Nullable String eos;

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "Time of strftime_now, as 2026-01-31T12:00:00; without it the time is now.")
  private @Nullable String now;

  @Option(
      names = "--spans",
      description = "Print JSON instead: the text, and which message each part of it came from.")
  private boolean spans;

  @Override
  public Integer call() {
    if (model == null && template == null) {
      throw new InputException("--model or --template: one of them is needed");
    }
    try (ProgressLine line = ProgressLine.onStandardError(false)) {
      TemplateRun.Source source =
          new TemplateRun.Source(
              Optional.ofNullable(model), Optional.ofNullable(template), specialTokens());
      Rendered rendered = TemplateRun.run(source, conversation(), clock(), new Listening(line));
      print(rendered, line);
    }
    return ExitCode.OK;
  }

  private void print(Rendered rendered, ProgressLine line) {
    PrintWriter out = spec.commandLine().getOut();
    if (spans) {
      out.println(new JsonMapper().writeValueAsString(toMap(rendered)));
      return;
    }
    // A file or pipe gets every byte; a terminal would act on some of them.
    String shown = Terminal.isOutput() ? Visible.harmless(rendered.text()) : rendered.text();
    if (!shown.equals(rendered.text())) {
      line.message("hidden characters are shown as ⟨U+hhhh⟩ on a terminal");
    }
    out.print(shown);
    out.flush();
  }

  private TemplateRun.Input conversation() {
    TemplateRun.Input read =
        input == null
            ? TemplateRun.Input.of(SAMPLE)
            : input.equals("-")
                ? TemplateRun.input(System.in, "standard input")
                : TemplateRun.input(Path.of(input));
    return generationPrompt ? read.withGenerationPrompt() : read;
  }

  private Map<String, String> specialTokens() {
    Map<String, String> tokens = new LinkedHashMap<>();
    if (bos != null) {
      tokens.put("bos_token", bos);
    }
    if (eos != null) {
      tokens.put("eos_token", eos);
    }
    return tokens;
  }

  private Clock clock() {
    if (now == null) {
      return Clock.system(ZoneId.systemDefault());
    }
    try {
      return Clock.fixed(LocalDateTime.parse(now).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new InputException(
          "--now: must be a time such as 2026-01-31T12:00:00, not '" + now + "'", e);
    }
  }

  private static Map<String, Object> toMap(Rendered rendered) {
    List<Map<String, Object>> parts = new ArrayList<>();
    for (Span span : rendered.spans()) {
      Map<String, Object> part = new LinkedHashMap<>();
      part.put("start", span.start());
      part.put("end", span.end());
      part.put("message", span.messageIndex());
      part.put("part", span.part().name().toLowerCase(Locale.ROOT));
      parts.add(part);
    }
    List<Map<String, Object>> generations = new ArrayList<>();
    for (CharRange range : rendered.generations()) {
      generations.add(Map.of("start", range.start(), "end", range.end()));
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", rendered.text());
    map.put("spans", parts);
    map.put("generations", generations);
    return map;
  }
}
