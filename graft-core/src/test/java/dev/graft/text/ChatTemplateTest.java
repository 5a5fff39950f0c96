package dev.graft.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
  private static final List<Map<String, String>> HELLO =
      List.of(Map.of("role", "user", "content", "Hello"));

  @TempDir private Path model;

  private static String text(ChatTemplate template, ChatInput input) {
    return template.render(input).text();
  }

  @Test
  void load_jinjaFile_goesBeforeTheConfig() throws Exception {
    Files.writeString(
        model.resolve("chat_template.jinja"), "{{ bos_token }}{{ messages[0].content }}");
    Files.writeString(
        model.resolve("tokenizer_config.json"),
        """
        {"chat_template": "old", "bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>",
         "pad_token": null}
        """);
    ChatTemplate template = ChatTemplate.load(model).orElseThrow();
    assertThat(text(template, ChatInput.of(HELLO))).isEqualTo("<s>Hello");
    assertThat(template.specialTokens())
        .containsExactlyInAnyOrderEntriesOf(Map.of("bos_token", "<s>", "eos_token", "</s>"));
  }

  @Test
  void load_namedTemplates_usesToolUseForTools() throws Exception {
    Files.writeString(
        model.resolve("tokenizer_config.json"),
        """
        {"chat_template": [{"name": "default", "template": "d{{ tools is none }}"},
                           {"name": "tool_use", "template": "t{{ tools | length }}"}]}
        """);
    ChatTemplate template = ChatTemplate.load(model).orElseThrow();
    assertThat(text(template, ChatInput.of(HELLO))).isEqualTo("dTrue");
    assertThat(text(template, ChatInput.of(HELLO).withTools(List.of(Map.of("a", 1)))))
        .isEqualTo("t1");
  }

  @Test
  void load_processorFile_isTheLastPlace() throws Exception {
    Files.writeString(model.resolve("chat_template.json"), "{\"chat_template\": \"p\"}");
    assertThat(text(ChatTemplate.load(model).orElseThrow(), ChatInput.of(HELLO))).isEqualTo("p");
  }

  @Test
  void load_noTemplate_isEmpty() throws Exception {
    assertThat(ChatTemplate.load(model)).isEmpty();
    Files.writeString(model.resolve("tokenizer_config.json"), "{\"eos_token\": \"x\"}");
    assertThat(ChatTemplate.load(model)).isEmpty();
  }

  @Test
  void load_wrongFiles_areInputErrors() throws Exception {
    Path config = model.resolve("tokenizer_config.json");
    for (String wrong :
        List.of(
            "not json",
            "[1]",
            "{\"chat_template\": 5}",
            "{\"chat_template\": [{\"name\": \"x\", \"template\": \"y\"}]}",
            "{\"chat_template\": [{\"name\": \"x\"}]}",
            "{\"chat_template\": \"{% if %}\"}",
            "{\"chat_template\": \"a\", \"eos_token\": 7}")) {
      Files.writeString(config, wrong);
      assertThatThrownBy(() -> ChatTemplate.load(model))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("tokenizer_config.json")
          .hasMessageNotContaining("\n");
    }
    Files.delete(config);
    Files.write(model.resolve("chat_template.jinja"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> ChatTemplate.load(model))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void render_raisedException_namesFileAndLine() {
    var template = ChatTemplate.of("a\n{{ raise_exception('no\nway') }}", "t.jinja");
    assertThatThrownBy(() -> template.render(ChatInput.of(HELLO)))
        .isInstanceOf(InputException.class)
        .hasMessage("t.jinja:2: chat template: no way");
  }

  @Test
  void render_messageThatIsNoObject_isAnInputError() {
    var template = ChatTemplate.of("x", "t.jinja");
    assertThatThrownBy(() -> template.render(ChatInput.of(List.of("hi"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("messages[0]");
  }

  @Test
  void render_jsonMessages_equalMaps() {
    var template = ChatTemplate.of("{% for m in messages %}{{ m | tojson }}{% endfor %}", "t");
    var json =
        JsonMapper.builder().build().readTree("[{\"role\":\"user\",\"content\":\"é\",\"n\":1.0}]");
    assertThat(text(template, ChatInput.of(json)))
        .isEqualTo("{\"role\": \"user\", \"content\": \"é\", \"n\": 1.0}");
  }

  @Test
  void render_reasoningUnderAnyName_isKnownUnderBoth() {
    var template =
        ChatTemplate.of("{{ messages[0].reasoning_content }}|{{ messages[0].thinking }}", "t");
    for (String name : List.of("reasoning", "thinking", "reasoning_content")) {
      var message = Map.of("role", "assistant", "content", "c", name, "r");
      assertThat(text(template, ChatInput.of(List.of(message)))).isEqualTo("r|r");
    }
  }

  @Test
  void render_variables_goBeforeSpecialTokens() {
    var template =
        ChatTemplate.of("{{ eos_token }}{{ flag }}", "t")
            .withSpecialTokens(Map.of("eos_token", "a"));
    var input = ChatInput.of(HELLO).withVariables(Map.of("eos_token", "b", "flag", true));
    assertThat(text(template, input)).isEqualTo("bTrue");
  }
}
