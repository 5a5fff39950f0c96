package dev.graft.data.check;

import dev.graft.data.ChatFormat;
import dev.graft.data.LossOn;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
import dev.graft.testing.Golden;
import dev.graft.text.ChatTemplate;
import dev.graft.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Runs the data check on small files, with the tiny tokenizer and a chat template. */
final class Checks {
  static final int END_OF_TURN = 2;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private Optional<String> template = Optional.empty();
  private LossOn lossOn = LossOn.COMPLETION;
  private OptionalInt pad = OptionalInt.empty();
  private OptionalInt eos = OptionalInt.of(END_OF_TURN);
  private int maxLength = 2048;
  private Set<CheckCode> allowed = Set.of();

  Checks(Path folder) {
    this.folder = folder;
  }

  Checks template(String source) {
    template = Optional.of(source);
    return this;
  }

  Checks lossOn(LossOn value) {
    lossOn = value;
    return this;
  }

  Checks pad(int id) {
    pad = OptionalInt.of(id);
    return this;
  }

  Checks withoutEos() {
    eos = OptionalInt.empty();
    return this;
  }

  Checks maxLength(int tokens) {
    maxLength = tokens;
    return this;
  }

  Checks allow(CheckCode... codes) {
    allowed = Set.of(codes);
    return this;
  }

  /** The report on files with these lines; {@code valid} may be empty for none. */
  CheckReport report(List<String> data, List<String> valid) throws IOException {
    Path model = Golden.path("models/llama-tied");
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      ChatTemplate chat =
          template
              .map(source -> ChatTemplate.of(source, "template"))
              .orElseGet(() -> ChatTemplate.load(model).orElseThrow());
      RowEncoder encoder =
          new RowEncoder(
              tokenizer,
              Optional.of(new ChatFormat(chat, tokenizer.specialTokens().keySet())),
              new RowEncoder.SpecialTokens(OptionalInt.empty(), eos),
              lossOn);
      DataCheck check =
          new DataCheck(
              encoder,
              new ModelFacts(tokenizer, Set.of(END_OF_TURN), pad),
              new DataCheck.Settings(maxLength, allowed, 2, RowOptions.DEFAULT));
      if (!valid.isEmpty()) {
        check.read(DataFile.VALID, write("valid.jsonl", valid), (from, row) -> {});
      }
      check.read(DataFile.DATA, write("data.jsonl", data), (from, row) -> {});
      return check.report();
    }
  }

  CheckReport report(List<String> data) throws IOException {
    return report(data, List.of());
  }

  CheckReport report(String... data) throws IOException {
    return report(List.of(data), List.of());
  }

  private Path write(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  /** The finding of a code, or null. */
  static Optional<Finding> find(CheckReport report, CheckCode code) {
    return report.findings().stream().filter(finding -> finding.code() == code).findFirst();
  }

  /** A row with messages, given as role and content in turn. */
  static String chat(String... rolesAndContents) {
    List<Map<String, String>> messages = new ArrayList<>();
    for (int i = 0; i < rolesAndContents.length; i += 2) {
      messages.add(Map.of("role", rolesAndContents[i], "content", rolesAndContents[i + 1]));
    }
    return JSON.writeValueAsString(Map.of("messages", messages));
  }

  /** A question with its answer. */
  static String ask(String question, String answer) {
    return chat("user", question, "assistant", answer);
  }

  static String row(Map<String, ?> fields) {
    return JSON.writeValueAsString(fields);
  }
}
