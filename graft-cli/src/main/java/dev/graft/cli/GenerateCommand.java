package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.config.RowMappings;
import dev.graft.data.RowOptions;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.run.GenerateRowsRun;
import dev.graft.run.GenerateRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
    description = "Answers a prompt or the rows of a file, with or without an adapter.")
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

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Rows to answer, in the layouts of training data; an answer is a line of JSON, in their"
              + " order.")
  private @Nullable Path data;

  @Option(
      names = "--data-map",
      paramLabel = "NAME=THEIRS|FILE",
      description = "What the rows call keys and roles that have other names here.")
  private List<String> map = List.of();

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "Rows answered at a time (${DEFAULT-VALUE}).")
  private int batch;

  @Option(names = "--json", description = "Print the answer and facts about it as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (limit < 1) {
      throw new InputException("--max-new-tokens: " + limit + " is not a positive number");
    }
    if (batch < 1) {
      throw new InputException("--batch: " + batch + " is not a positive number");
    }
    if (data != null) {
      if (prompt != null) {
        throw new InputException("--prompt and --data: give one of them");
      }
      return answerRows(data);
    }
    PrintWriter out = spec.commandLine().getOut();
    GenerateRun.Request request = request(text());
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

  private GenerateRun.Request request(String text) {
    return new GenerateRun.Request(
        model.model(),
        model.adapter(),
        text,
        Optional.ofNullable(system),
        raw,
        limit,
        new SamplingOptions(temperature, topK, topP, repetitionPenalty, seed),
        model.dtype(),
        model.threads());
  }

  private int answerRows(Path path) {
    RowOptions rows = new RowOptions(Optional.empty(), RowMappings.parse("--data-map", map));
    PrintWriter out = spec.commandLine().getOut();
    try (ProgressLine line = ProgressLine.onStandardError(false);
        Interrupts interrupts = Interrupts.install(line::message)) {
      GenerateRowsRun.run(
          new GenerateRowsRun.Request(request(""), path, rows, batch),
          new Listening(line),
          interrupts::requested,
          answer -> {
            out.println(toJson(answer));
            out.flush();
          });
      return interrupts.requested() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private static String toJson(GenerateRowsRun.Answer answer) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("index", answer.index());
    map.put("line", answer.line());
    map.put("text", answer.text());
    map.put("prompt_tokens", answer.promptTokens());
    map.put("tokens", answer.tokens());
    map.put("end", name(answer.reason()));
    return new JsonMapper().writeValueAsString(map);
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
