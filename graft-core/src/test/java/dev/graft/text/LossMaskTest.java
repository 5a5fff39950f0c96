package dev.graft.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.text.LossMask.Options;
import dev.graft.text.LossMask.Policy;
import dev.graft.text.template.CharRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LossMaskTest {
  private static final String CHATML =
      """
      {% for message in messages %}
      {{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
      {% endfor %}
      {% if add_generation_prompt %}
      {{ '<|im_start|>assistant\\n' }}
      {% endif %}
      """
          .replace("\n{", "{");

  private static final String LLAMA3 =
      "{% for message in messages %}{% set content = '<|start_header_id|>' + message['role'] +"
          + " '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}"
          + "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}"
          + "{{ content }}{% endfor %}{% if add_generation_prompt %}"
          + "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

  private static final String MISTRAL =
      "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}"
          + "{{ '[INST] ' + message['content'] + ' [/INST]' }}{% else %}"
          + "{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}";

  private static final String QWEN3 =
      "{%- set ns = namespace(last=messages|length - 1) %}"
          + "{%- for message in messages[::-1] %}{%- set index = messages|length - 1 - loop.index0 %}"
          + "{%- if message.role == 'user' %}{%- set ns.last = index %}{%- break %}{%- endif %}"
          + "{%- endfor %}"
          + "{%- for message in messages %}"
          + "{%- if message.role != 'assistant' %}"
          + "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
          + "{%- else %}{%- set reasoning = message.reasoning_content or '' %}"
          + "{{- '<|im_start|>assistant\\n' }}"
          + "{%- if loop.index0 > ns.last %}"
          + "{{- '<think>\\n' + reasoning.strip('\\n') + '\\n</think>\\n\\n' }}{%- endif %}"
          + "{{- message.content.lstrip('\\n') }}"
          + "{%- for tool_call in message.tool_calls or [] %}"
          + "{{- '\\n<tool_call>\\n{\"name\": \"' + tool_call.function.name + '\", \"arguments\": ' }}"
          + "{{- tool_call.function.arguments | tojson }}{{- '}\\n</tool_call>' }}{%- endfor %}"
          + "{{- '<|im_end|>\\n' }}{%- endif %}{%- endfor %}"
          + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}"
          + "{%- if enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}"
          + "{%- endif %}";

  private static final String GENERATION =
      "{% for m in messages %}{{ '<|' + m.role + '|>\\n' }}{% if m.role == 'assistant' %}"
          + "{% generation %}{{ m.content + '<|end|>' }}{{ '\\n' }}{% endgeneration %}"
          + "{% else %}{{ m.content + '<|end|>\\n' }}{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";

  private static Map<String, Object> message(String role, Object content) {
    var message = new LinkedHashMap<String, Object>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private static List<Map<String, Object>> twoTurns() {
    return new ArrayList<>(
        List.of(
            message("user", "One"),
            message("assistant", "Two"),
            message("user", "Three"),
            message("assistant", "Four")));
  }

  private static ChatTemplate template(String source, String... tokens) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < tokens.length; i += 2) {
      map.put(tokens[i], tokens[i + 1]);
    }
    return ChatTemplate.of(source, "test.jinja").withSpecialTokens(map);
  }

  private static List<String> learnt(LossMask mask) {
    return mask.learnt().stream().map(r -> mask.text().substring(r.start(), r.end())).toList();
  }

  private static LossMask mask(
      ChatTemplate template, List<?> messages, Policy policy, String... endOfTurn) {
    return LossMask.of(template, ChatInput.of(messages), new Options(policy, Set.of(endOfTurn)));
  }

  @Test
  void of_chatMlLastTurn_learnsReplyAndEndToken() {
    LossMask mask = mask(template(CHATML), twoTurns(), Policy.LAST_TURN, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("Four<|im_end|>");
    assertThat(mask.lastTurn().orElseThrow().prefixMatched()).isTrue();
    assertThat(mask.lastTurn().orElseThrow().endOfTurnMissing()).isFalse();
    assertThat(mask.text()).endsWith("Four<|im_end|>\n");
  }

  @Test
  void of_chatMlAllTurns_learnsBothReplies() {
    LossMask mask = mask(template(CHATML), twoTurns(), Policy.ALL_ASSISTANT, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("Two<|im_end|>", "Four<|im_end|>");
  }

  @Test
  void of_trainFalse_leavesThatTurnOut() {
    var messages = twoTurns();
    messages.get(1).put("train", false);
    LossMask mask = mask(template(CHATML), messages, Policy.ALL_ASSISTANT, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("Four<|im_end|>");
    assertThat(mask.turns().getFirst().learnt()).isFalse();
    messages.get(3).put("train", false);
    assertThat(learnt(mask(template(CHATML), messages, Policy.LAST_TURN, "<|im_end|>"))).isEmpty();
  }

  @Test
  void of_wholeText_learnsAllButWhatIsExcluded() {
    var messages = twoTurns();
    LossMask all = mask(template(CHATML), messages, Policy.WHOLE_TEXT, "<|im_end|>");
    assertThat(all.learnt()).containsExactly(new CharRange(0, all.text().length()));
    messages.get(1).put("train", false);
    messages.get(2).put("train", false);
    LossMask some = mask(template(CHATML), messages, Policy.WHOLE_TEXT, "<|im_end|>");
    assertThat(learnt(some))
        .containsExactly(
            "<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n",
            "\n<|im_start|>user\n",
            "<|im_end|>\n<|im_start|>assistant\nFour<|im_end|>\n");
  }

  @Test
  void of_llama3_learnsTrimmedReplyAndEot() {
    var messages = twoTurns();
    messages.set(3, message("assistant", "  Four \n"));
    var template = template(LLAMA3, "bos_token", "<|begin_of_text|>", "eos_token", "<|eot_id|>");
    LossMask mask = mask(template, messages, Policy.ALL_ASSISTANT);
    assertThat(learnt(mask)).containsExactly("Two<|eot_id|>", "Four<|eot_id|>");
    assertThat(mask.lastTurn().orElseThrow().prefixMatched()).isTrue();
  }

  @Test
  void of_mistral_learnsSpaceReplyAndEos() {
    var template = template(MISTRAL, "bos_token", "<s>", "eos_token", "</s>");
    LossMask mask = mask(template, twoTurns(), Policy.ALL_ASSISTANT);
    assertThat(learnt(mask)).containsExactly(" Two</s>", " Four</s>");
    assertThat(mask.turns()).allMatch(LossMask.Turn::prefixMatched);
  }

  @Test
  void of_qwen3WithThinking_learnsReasoningAndReply() {
    var messages = twoTurns();
    messages.get(3).put("reasoning_content", "Hmm.");
    LossMask mask = mask(template(QWEN3), messages, Policy.LAST_TURN, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("<think>\nHmm.\n</think>\n\nFour<|im_end|>");
    assertThat(mask.lastTurn().orElseThrow().prefixMatched()).isTrue();
  }

  @Test
  void of_qwen3ThinkingOff_leavesTheEmptyThoughtToThePrompt() {
    var input = ChatInput.of(twoTurns()).withVariables(Map.of("enable_thinking", false));
    LossMask mask = LossMask.of(template(QWEN3), input, Options.lastTurn(Set.of("<|im_end|>")));
    assertThat(learnt(mask)).containsExactly("Four<|im_end|>");
  }

  @Test
  void of_qwen3EarlierTurn_learnsWhatTheTextHasOfIt() {
    var messages = twoTurns();
    messages.get(1).put("reasoning_content", "Dropped.");
    LossMask mask = mask(template(QWEN3), messages, Policy.ALL_ASSISTANT, "<|im_end|>");
    assertThat(learnt(mask).getFirst()).isEqualTo("Two<|im_end|>");
    assertThat(mask.turns().getFirst().prefixMatched()).isTrue();
  }

  @Test
  void of_toolCall_goesOnToTheEndOfTheTurnPastClosingMarkup() {
    var call = message("assistant", "");
    call.put(
        "tool_calls",
        List.of(Map.of("function", Map.of("name", "f", "arguments", Map.of("x", 1)))));
    List<Object> messages =
        List.of(message("user", "One"), call, message("tool", "5"), message("assistant", "Five"));
    LossMask mask =
        mask(template(QWEN3), messages, Policy.ALL_ASSISTANT, "<|im_end|>", "</tool_call>");
    assertThat(learnt(mask))
        .containsExactly(
            "<think>\n\n</think>\n\n\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1}}\n"
                + "</tool_call><|im_end|>",
            "<think>\n\n</think>\n\nFive<|im_end|>");
  }

  @Test
  void of_generationBlock_learnsTheBlockWithoutSpaceBehindTheEndToken() {
    LossMask mask = mask(template(GENERATION), twoTurns(), Policy.ALL_ASSISTANT, "<|end|>");
    assertThat(mask.generationBlocks()).isTrue();
    assertThat(learnt(mask)).containsExactly("Two<|end|>", "Four<|end|>");
    assertThat(learnt(mask(template(GENERATION), twoTurns(), Policy.LAST_TURN, "<|end|>")))
        .containsExactly("Four<|end|>");
  }

  @Test
  void of_endTokenBehindTheBlock_isLearnt() {
    String source =
        GENERATION.replace(
            "{{ m.content + '<|end|>' }}{{ '\\n' }}{% endgeneration %}",
            "{{ m.content }}{% endgeneration %}{{ '<|end|>\\n' }}");
    LossMask mask = mask(template(source), twoTurns(), Policy.ALL_ASSISTANT, "<|end|>");
    assertThat(learnt(mask)).containsExactly("Two<|end|>", "Four<|end|>");
    assertThat(mask.turns()).noneMatch(LossMask.Turn::endOfTurnMissing);
  }

  @Test
  void of_noEndToken_isReported() {
    LossMask blocks = mask(template(GENERATION), twoTurns(), Policy.LAST_TURN, "<|other|>");
    assertThat(blocks.lastTurn().orElseThrow().endOfTurnMissing()).isTrue();
    String source =
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n\n{% endfor %}"
            + "{% if add_generation_prompt %}assistant: {% endif %}";
    LossMask plain = mask(template(source), twoTurns(), Policy.ALL_ASSISTANT, "</s>");
    assertThat(learnt(plain)).containsExactly("Two", "Four");
    assertThat(plain.turns()).allMatch(LossMask.Turn::endOfTurnMissing);
  }

  @Test
  void of_promptThatIsNoPrefix_fallsBackOnTheMessage() {
    // The prompt opens a thought that the finished text does not have.
    String source =
        CHATML.replace(
            "{{ '<|im_start|>assistant\\n' }}", "{{ '<|im_start|>assistant\\n<think>\\n' }}");
    LossMask mask = mask(template(source), twoTurns(), Policy.LAST_TURN, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("Four<|im_end|>");
    assertThat(mask.lastTurn().orElseThrow().prefixMatched()).isFalse();
  }

  @Test
  void of_promptThatIsNoPrefix_keepsTheMarkupOfTheTurn() {
    String source =
        "{% for m in messages %}<|{{ m.role }}|>\n{% if m.tool %}<call name={{ m.tool }}></call>"
            + "{% else %}{{ m.content }}{% endif %}<|end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|assistant|>\n<think>\n' }}{% endif %}";
    var messages = twoTurns();
    messages.get(3).put("tool", "f");
    LossMask mask = mask(template(source), messages, Policy.LAST_TURN, "<|end|>", "</call>");
    assertThat(learnt(mask)).containsExactly("<call name=f></call><|end|>");
    assertThat(mask.lastTurn().orElseThrow().prefixMatched()).isFalse();
  }

  @Test
  void of_textInsertedByLength_findsTheHeaderBeforeTheMessage() {
    String source =
        "{{ messages | length }}|{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant'"
            + " %}[{% endif %}{{ m.content }}<e>{% endfor %}{% if add_generation_prompt"
            + " %}<assistant>{% endif %}";
    LossMask mask = mask(template(source), twoTurns(), Policy.ALL_ASSISTANT, "<e>");
    assertThat(learnt(mask)).containsExactly("[Two<e>", "[Four<e>");
    assertThat(mask.turns()).noneMatch(LossMask.Turn::prefixMatched);
  }

  @Test
  void of_templateWithoutGenerationPrompt_neverLearnsTheHeader() {
    String source =
        "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}"
            + "{% endfor %}";
    LossMask mask = mask(template(source), twoTurns(), Policy.ALL_ASSISTANT, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("Two<|im_end|>", "Four<|im_end|>");
    assertThat(mask.lastTurn().orElseThrow().prefixMatched()).isFalse();
  }

  @Test
  void of_endTokenInsideTheReply_isNotTheEnd() {
    var messages = twoTurns();
    messages.set(3, message("assistant", "say <|im_end|> twice"));
    LossMask mask = mask(template(CHATML), messages, Policy.LAST_TURN, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("say <|im_end|> twice<|im_end|>");
  }

  @Test
  void of_emptyReply_learnsTheEndToken() {
    var messages = twoTurns();
    messages.set(3, message("assistant", ""));
    LossMask mask = mask(template(CHATML), messages, Policy.LAST_TURN, "<|im_end|>");
    assertThat(learnt(mask)).containsExactly("<|im_end|>");
  }

  @Test
  void of_noAssistant_learnsNothing() {
    LossMask mask =
        mask(template(CHATML), List.of(message("user", "x")), Policy.LAST_TURN, "<|im_end|>");
    assertThat(mask.learnt()).isEmpty();
    assertThat(mask.lastTurn()).isEmpty();
  }
}
