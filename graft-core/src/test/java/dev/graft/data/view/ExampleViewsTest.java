package dev.graft.data.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.ChatFormat;
import dev.graft.data.LossOn;
import dev.graft.data.Row;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
import dev.graft.testing.Golden;
import dev.graft.text.ChatTemplate;
import dev.graft.text.Tokenizer;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExampleViewsTest {
  private static final Path FILE = Path.of("rows.jsonl");
  private static Tokenizer tokenizer;
  private static ChatTemplate template;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Path model = Golden.path("models/llama-tied");
    tokenizer = Tokenizer.load(model);
    template = ChatTemplate.load(model).orElseThrow();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static ExampleViewer viewer(ChatTemplate used, LossOn lossOn, int maxLength) {
    ChatFormat format = new ChatFormat(used, tokenizer.specialTokens().keySet());
    RowEncoder.SpecialTokens special =
        new RowEncoder.SpecialTokens(OptionalInt.empty(), tokenizer.idOf("<|im_end|>"));
    RowEncoder encoder = new RowEncoder(tokenizer, Optional.of(format), special, lossOn);
    return new ExampleViewer(encoder, tokenizer, maxLength);
  }

  private static ShownExample show(Row row, int maxLength) {
    return viewer(template, LossOn.COMPLETION, maxLength).view(FILE, row).getFirst();
  }

  private static Row.Chat chat(String question, String answer) {
    return new Row.Chat(
        7,
        List.of(
            Map.of("role", "user", "content", question),
            Map.of("role", "assistant", "content", answer)),
        List.of());
  }

  private static String withoutBorders(String text) {
    return text.replace("│", "");
  }

  @Test
  void of_chat_marksLearntAndSpecialTokens() {
    String text = ExampleText.of(show(chat("Hi  you", "Ok\n\tno"), 2048), false);
    assertThat(text).startsWith("rows.jsonl:7: chat of 2 messages, ");
    assertThat(withoutBorders(text.substring(text.indexOf('\n') + 1)))
        .isEqualTo(
            """
            ⟪<|im_start|>⟫user↵
            Hi␣␣you⟪<|im_end|>⟫↵
            ⟪<|im_start|>⟫assistant↵
            ⟦Ok↵
            ⇥no⟪<|im_end|>⟫⟧↵

            """);
  }

  @Test
  void of_chat_hasABorderBetweenAllPlainTokens() {
    ShownExample example = show(chat("abc", "d"), 2048);
    String text = ExampleText.of(example, false);
    long plain = example.tokens().stream().filter(token -> !token.special()).count();
    // Four stretches of plain tokens stand between special ones and marks.
    assertThat(text.chars().filter(c -> c == '│').count())
        .isLessThan(plain)
        .isGreaterThan(plain / 2);
    assertThat(example.tokens()).allSatisfy(t -> assertThat(t.share().of()).isEqualTo(1));
  }

  @Test
  void of_marksInTheData_areWrittenAsCodePoints() {
    String text = ExampleText.of(show(chat("⟦x⟧ │", "a↵b"), 2048), false);
    assertThat(withoutBorders(text)).contains("⟨U+27E6⟩").contains("⟨U+27E7⟩").contains("⟨U+21B5⟩");
    assertThat(text.chars().filter(c -> c == '⟦').count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0x1b, 0x07, 0x9b, 0x7f, 0x202e, 0x2066, 0x200b, 0xfeff, 0xa0, 0xe0001, 0x85, 0x2028})
  void of_hostileCharacter_neverReachesAnyView(int c) throws IOException {
    String hostile = "a" + Character.toString(c) + "[31mb";
    ShownExample example = show(chat(hostile, "answer" + hostile), 2048);
    StringWriter page = new StringWriter();
    new ExamplePage(page).add(example);
    List<String> views =
        List.of(ExampleText.of(example, false), ExampleText.table(example, false), page.toString());
    assertThat(views)
        .allSatisfy(view -> {
          assertThat(view).doesNotContain(Character.toString(c));
          assertThat(view).contains("⟨U+%04X⟩".formatted(c));
        });
  }

  @Test
  void of_color_writesNoEscapesOfTheData() {
    String text = ExampleText.of(show(chat("x\u001b[2J", "y"), 8), true);
    assertThat(text.replaceAll("\u001b\\[[0-9;]*m", "")).doesNotContain("\u001b");
    assertThat(text).contains("\u001b[");
  }

  @Test
  void of_characterOfSeveralTokens_numbersThem() {
    ShownExample example = show(chat("🎉", "é"), 2048);
    List<String> shares =
        example.tokens().stream().map(t -> t.share().toString()).filter(s -> !s.isEmpty()).toList();
    assertThat(shares).startsWith("⟨1/4⟩", "⟨2/4⟩", "⟨3/4⟩", "⟨4/4⟩");
    assertThat(ExampleText.of(example, false)).contains("🎉⟨1/4⟩│⟨2/4⟩│⟨3/4⟩│⟨4/4⟩");
    String joined = String.join("", example.tokens().stream().map(ShownToken::text).toList());
    assertThat(joined).isEqualTo(example.text());
  }

  @Test
  void of_limit_showsWhereItCuts() {
    ShownExample whole = show(chat("abc def", "ghi jkl"), 2048);
    int limit = whole.tokens().size() - 4;
    ShownExample cut = show(chat("abc def", "ghi jkl"), limit);
    assertThat(cut.cut()).isTrue();
    assertThat(cut.seen()).hasSize(limit);
    assertThat(cut.learnt() + cut.learntLost()).isEqualTo(whole.learnt());
    assertThat(cut.warnings()).anyMatch(w -> w.contains("cuts the end of the answer off"));
    String text = ExampleText.of(cut, false);
    assertThat(text).contains("; the limit of " + limit + " cuts off 4 tokens, 3 learnt");
    String rest = text.substring(text.indexOf("── limit of " + limit + " tokens"));
    assertThat(rest).contains("⟪<|im_end|>⟫").doesNotContain("⟦");
    assertThat(show(chat("abc def", "ghi"), 8).warnings())
        .contains("--max-length leaves nothing to learn; training leaves the row out");
  }

  @Test
  void table_hasARowForEachToken() {
    ShownExample example = show(chat("a", "b"), 2048);
    String[] lines = ExampleText.table(example, false).split("\n");
    assertThat(lines).hasSize(2 + example.tokens().size());
    assertThat(lines[2].replaceAll(" +", " ")).isEqualTo(" 0 1 template ⟪<|im_start|>⟫");
    assertThat(String.join("\n", lines).replaceAll(" +", " "))
        .contains(" yes 1 assistant content │b│")
        .contains(" 0 user content │a│");
  }

  @Test
  void view_preference_showsBothAnswers() {
    Row row = new Row.Preference(3, chat("q", "good"), chat("q", "bad"));
    List<ShownExample> both = viewer(template, LossOn.COMPLETION, 2048).view(FILE, row);
    assertThat(both).extracting(ShownExample::answer).containsExactly("chosen", "rejected");
    assertThat(both).allSatisfy(example -> assertThat(example.learnt()).isPositive());
    assertThat(ExampleText.of(both.get(1), false)).contains(": rejected answer, chat of 2");
  }

  @Test
  void view_completion_showsTheAddedEnd() {
    ShownExample example = show(new Row.Completion(1, "ab ", "cd"), 2048);
    ShownToken last = example.tokens().getLast();
    assertThat(last.origin().part()).isEqualTo("added");
    assertThat(last.text()).isEqualTo("<|im_end|>");
    assertThat(example.warnings()).isEmpty();
    assertThat(withoutBorders(ExampleText.of(example, false))).contains("\nab ⟦cd⟪<|im_end|>⟫⟧\n");
  }

  @Test
  void view_specialTokenInTheData_isWarnedAbout() {
    assertThat(show(chat("a<|im_end|>b", "c"), 2048).warnings())
        .anyMatch(w -> w.endsWith("the data holds the text of the special token <|im_end|>"));
  }

  @Test
  void view_templateWithoutEnd_isWarnedAbout() {
    ChatTemplate endless =
        ChatTemplate.of("{% for m in messages %}{{ m.role }}:{{ m.content }}\n{% endfor %}", "t");
    ShownExample example =
        viewer(endless, LossOn.COMPLETION, 2048).view(FILE, chat("a", "b")).getFirst();
    assertThat(example.warnings())
        .anyMatch(w -> w.startsWith("message 1: end of turn not learnt:"))
        .anyMatch(w -> w.endsWith("training refuses the row"));
  }

  @Test
  void page_hostileText_isEscaped() throws IOException {
    StringWriter out = new StringWriter();
    ExamplePage page = new ExamplePage(out);
    page.add(show(chat("<script>alert('1')</script>&\"", "</mark></span>"), 2048));
    page.end();
    String html = out.toString();
    assertThat(html).doesNotContain("<script").doesNotContain("alert('1')").endsWith("</html>\n");
    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContain("http://")
        .doesNotContain("https://");
    assertThat(count(html, "<mark>")).isEqualTo(count(html, "</mark>")).isEqualTo(2);
    assertThat(count(html, "<span")).isEqualTo(count(html, "</span>"));
    assertThat(html).contains("message 1 assistant content, learnt\"");
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  @Test
  void json_cutExample_saysWhatIsSeen() {
    JsonNode json = new JsonMapper().readTree(ExampleJson.of(show(chat("abc", "\u001bdef"), 15)));
    assertThat(json.get("seen").intValue()).isEqualTo(15);
    assertThat(json.get("all_tokens").size()).isEqualTo(json.get("tokens").intValue());
    int learnt = 0;
    StringBuilder text = new StringBuilder();
    for (JsonNode token : json.get("all_tokens")) {
      learnt += token.get("learnt").booleanValue() ? 1 : 0;
      text.append(token.get("text").stringValue());
    }
    assertThat(learnt).isEqualTo(json.get("learnt").intValue());
    assertThat(text.toString()).isEqualTo(json.get("text").stringValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "a", "3-2", "-1", "1-", "1-2-3", "", "9999999999999999999"})
  void parse_wrongRows_isRefused(String text) {
    assertThatThrownBy(() -> RowSelection.parse(text)).isInstanceOf(InputException.class);
  }

  @Test
  void forEach_countsRowsAndLines() throws IOException {
    Path file = folder.resolve("rows.jsonl");
    Files.writeString(
        file, "{\"text\": \"one\"}\n\nbroken\n{\"text\": \"four\"}\n{\"text\": \"five\"}\n");
    assertThat(lines(file, RowSelection.parse("1"))).containsExactly(1L);
    assertThat(lines(file, RowSelection.parse("3-9"))).containsExactly(4L, 5L);
    assertThat(lines(file, RowSelection.line(4))).containsExactly(4L);
    assertThatThrownBy(() -> lines(file, RowSelection.parse("2")))
        .hasMessageContaining(":3: is not JSON");
    assertThatThrownBy(() -> lines(file, RowSelection.line(3)))
        .hasMessageContaining(":3: is not JSON");
    assertThatThrownBy(() -> lines(file, RowSelection.line(2)))
        .hasMessageEndingWith(":2: there is no row on this line");
    assertThatThrownBy(() -> lines(file, RowSelection.parse("5")))
        .hasMessageEndingWith("holds only 4 rows");
  }

  private static List<Long> lines(Path file, RowSelection selection) {
    List<Long> lines = new ArrayList<>();
    selection.forEach(file, RowOptions.DEFAULT, row -> lines.add(row.line()));
    return lines;
  }
}
