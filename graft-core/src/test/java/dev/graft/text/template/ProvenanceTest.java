package dev.graft.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the characters of a text came from. */
class ProvenanceTest {
  private static final List<Map<String, Object>> MESSAGES =
      List.of(
          Map.of("role", "user", "content", " Hi <b> "),
          Map.of(
              "role",
              "assistant",
              "content",
              List.of(Map.of("type", "text", "text", "Yo🎉!")),
              "reasoning_content",
              "so\nit is",
              "tool_calls",
              List.of(Map.of("function", Map.of("name", "f", "arguments", Map.of("x", 12))))));

  /** Every span as {@code message/PART:text}. */
  private static List<String> spans(String source) {
    Rendered rendered =
        Template.compile(source).renderTracked(Map.of("messages", MESSAGES), Clock.systemUTC());
    return rendered.spans().stream()
        .map(s ->
            s.messageIndex() + "/" + s.part() + ":" + rendered.text().substring(s.start(), s.end()))
        .toList();
  }

  @Test
  void render_concatenation_keepsEachSource() {
    assertThat(spans("{{ '<' + messages[0].role + '>' ~ messages[0]['content'] ~ '|' }}"))
        .containsExactly("0/ROLE:user", "0/CONTENT: Hi <b> ");
  }

  @Test
  void render_partsOfContent_areContent() {
    assertThat(spans("{% for p in messages[1].content %}[{{ p.text }}]{% endfor %}"))
        .containsExactly("1/CONTENT:Yo🎉!");
  }

  @Test
  void render_stringOperations_keepTheSource() {
    assertThat(spans("a{{ messages[0].content | trim }}b")).containsExactly("0/CONTENT:Hi <b>");
    assertThat(spans("{{ ('x' + messages[0].content)[1:4] }}")).containsExactly("0/CONTENT: Hi");
    assertThat(spans("{{ ('x' + messages[0].content)[::-1] }}"))
        .containsExactly("0/CONTENT: >b< iH ");
    assertThat(spans("{{ messages[1].reasoning_content.split('\\n')[1] }}"))
        .containsExactly("1/REASONING:it is");
    assertThat(spans("{{ messages[0].content | replace('Hi', 'You') }}"))
        .containsExactly("0/CONTENT: ", "0/CONTENT: <b> ");
    assertThat(spans("{{ messages[0].content.upper() }}")).containsExactly("0/CONTENT: HI <B> ");
    assertThat(spans("{{ messages[0].content | e }}")).containsExactly("0/CONTENT: Hi &lt;b&gt; ");
    assertThat(spans("{{ messages | map(attribute='role') | join(', ') }}"))
        .containsExactly("0/ROLE:user", "1/ROLE:assistant");
    assertThat(spans("{{ '%s: %s' % (messages[0].role, 1) }}{{ '{}!'.format(messages[1].role) }}"))
        .containsExactly("0/ROLE:user", "1/ROLE:assistant");
    assertThat(spans("{{ messages[1].reasoning_content | indent(2) }}"))
        .containsExactly("1/REASONING:so", "1/REASONING:it is");
  }

  @Test
  void render_macrosAndCapturedBlocks_keepTheSource() {
    assertThat(
            spans(
                "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set c %}{{ m(messages[0].role) }}"
                    + "{% endset %}{% filter upper %}{{ c }}{% endfilter %}"))
        .containsExactly("0/ROLE:USER");
  }

  @Test
  void render_toolCallAsJson_isToolCallWithItsPunctuation() {
    assertThat(spans("{{ messages[1].tool_calls[0].function.arguments | tojson }}"))
        .containsExactly("1/TOOL_CALL:{\"x\": 12}");
    assertThat(
            spans(
                "{% for k, v in messages[1].tool_calls[0].function.arguments.items() %}"
                    + "{{ k }}={{ v }}{% endfor %}"))
        .containsExactly("1/TOOL_CALL:x", "1/TOOL_CALL:12");
    assertThat(spans("{{ {'a': messages[0].role} | tojson }}")).containsExactly("0/ROLE:\"user\"");
  }

  @Test
  void render_generationBlocks_areRanges() {
    String source =
        "{% macro m() %}{% generation %}in{% endgeneration %}{% endmacro %}"
            + "a{% generation %}b{{ messages[0].role }}{% endgeneration %}"
            + "{% generation %}c{% endgeneration %}d{{ m() }}";
    Rendered rendered =
        Template.compile(source).renderTracked(Map.of("messages", MESSAGES), Clock.systemUTC());
    assertThat(rendered.text()).isEqualTo("abusercdin");
    assertThat(rendered.generations())
        .containsExactly(new CharRange(1, 6), new CharRange(6, 7), new CharRange(8, 10));
    assertThat(rendered.spans()).containsExactly(new Span(2, 6, 0, Part.ROLE));
  }
}
