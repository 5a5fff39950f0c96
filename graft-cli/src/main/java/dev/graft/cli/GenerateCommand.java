package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.run.GenerateRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft generate}: standard output has only the answer. */
@Command(
    name = "generate",
    sortOptions = false,
    footer = {"", "Example: graft generate --model models/smol --prompt \"What is tea?\""},
    description = "Answers a prompt, with or without an adapter.")
final class GenerateCommand implements Callable<Integer> {
  private static final int LONGEST = 16 << 20;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final ModelFlags model = new ModelFlags();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "The user's message; without it, standard input is read.")
  private @Nullable String prompt;

  @Option(names = "--system", paramLabel = "TEXT", description = "A system message.")
  private @Nullable String system;

  @Option(names = "--raw", description = "Go on from the prompt as plain text, without a template.")
  private boolean raw;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "512",
      description = "Longest answer (${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 takes the most likely token (${DEFAULT-VALUE}).")
  private double temperature;

  @Option(names = "--top-k", paramLabel = "K", defaultValue = "0", description = "0 is off.")
  private int topK;

  @Option(names = "--top-p", paramLabel = "P", defaultValue = "1", description = "1 is off.")
  private double topP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "F",
      defaultValue = "1",
      description = "Above 1 makes tokens seen before less likely.")
  private double repetitionPenalty;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Of the draw.")
  private long seed;

  @Option(names = "--json", description = "Print the answer and facts about it as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (limit < 1) {
      throw new InputException("--max-new-tokens: " + limit + " is not a positive number");
    }
    PrintWriter out = spec.commandLine().getOut();
    GenerateRun.Request request =
        new GenerateRun.Request(
            model.model(),
            model.adapter(),
            text(),
            Optional.ofNullable(system),
            raw,
            limit,
            new SamplingOptions(temperature, topK, topP, repetitionPenalty, seed),
            model.dtype(),
            model.threads());
    try (ProgressLine line = ProgressLine.onStandardError(true);
        Interrupts interrupts = Interrupts.install(text -> {})) {
      GenerateRun.Answer answer =
          GenerateRun.run(
              request,
              new Listening(line),
              interrupts::requested,
              piece -> {
                if (!json) {
                  out.print(piece);
                  out.flush();
                }
              });
      out.println(json ? toJson(answer) : "");
      return interrupts.requested() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private String text() throws IOException {
    if (prompt != null) {
      return prompt;
    }
    byte[] bytes = System.in.readNBytes(LONGEST + 1);
    if (bytes.length > LONGEST) {
      throw new InputException("standard input: is longer than " + LONGEST + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException("standard input: is not UTF-8 text", e);
    }
  }

  private static String toJson(GenerateRun.Answer answer) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", answer.text());
    map.put("prompt_tokens", answer.promptTokens());
    map.put("tokens", answer.tokens());
    map.put("end", name(answer.reason()));
    map.put("seconds", answer.seconds());
    return new JsonMapper().writeValueAsString(map);
  }

  private static String name(Generator.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
