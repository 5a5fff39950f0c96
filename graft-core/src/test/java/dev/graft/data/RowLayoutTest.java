package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.read.StrictJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts of rows, and mappings of their keys. */
class RowLayoutTest {
  private static final Path FILE = Path.of("d.jsonl");

  private static RawRow raw(String json) {
    try {
      return new RawRow(FILE, 7, (Map<?, ?>) StrictJson.parse(json.replace('\'', '"')));
    } catch (StrictJson.NotJson e) {
      throw new AssertionError(json, e);
    }
  }

  private static Row parse(String json) {
    return RowReader.parse(raw(json));
  }

  private static Row parse(String json, DataFormat format, Map<String, String> mapping) {
    return RowReader.parse(
        raw(json), new RowOptions(Optional.ofNullable(format), new RowMapping(mapping)));
  }

  private static Row.Chat chat(String... rolesAndContents) {
    List<Map<String, Object>> messages = new java.util.ArrayList<>();
    for (int i = 0; i < rolesAndContents.length; i += 2) {
      messages.add(Map.of("role", rolesAndContents[i], "content", rolesAndContents[i + 1]));
    }
    return new Row.Chat(7, messages, List.of());
  }

  @Test
  void messages_nullKeys_areLeftOut() {
    assertThat(
            parse(
                "{'messages':[{'role':'user','content':'a','name':null,'tool_calls':null},"
                    + "{'role':'assistant','content':'b'}],'tools':null}"))
        .isEqualTo(chat("user", "a", "assistant", "b"));
  }

  @Test
  void messages_argumentsInText_becomeAnObject() {
    Row row =
        parse(
            """
            {"messages":[{"role":"user","content":"t"},{"role":"assistant","content":null,"tool_calls":
             [{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\": 1}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"5"},{"role":"assistant","content":"five"}],
             "tools":"[{\\"type\\":\\"function\\",\\"function\\":{\\"name\\":\\"f\\"}}]"}
            """);
    assertThat(row).isInstanceOf(Row.Chat.class);
    Row.Chat chat = (Row.Chat) row;
    assertThat(chat.messages().get(1).get("tool_calls"))
        .isEqualTo(
            List.of(
                Map.of(
                    "id",
                    "c1",
                    "type",
                    "function",
                    "function",
                    Map.of("name", "f", "arguments", Map.of("a", 1)))));
    assertThat(chat.tools())
        .isEqualTo(List.of(Map.of("type", "function", "function", Map.of("name", "f"))));
  }

  @Test
  void messages_legacyFunctionCall_isAToolCall() {
    Row.Chat chat =
        (Row.Chat)
            parse(
                "{'messages':[{'role':'user','content':'t'},{'role':'assistant','content':null,"
                    + "'function_call':{'name':'f','arguments':'{}'}},"
                    + "{'role':'function','name':'f','content':'5'},"
                    + "{'role':'assistant','content':'five'}],'functions':[{'name':'f'}]}");
    assertThat(chat.messages().get(1))
        .containsEntry(
            "tool_calls",
            List.of(
                Map.of("type", "function", "function", Map.of("name", "f", "arguments", Map.of()))))
        .doesNotContainKey("function_call");
    assertThat(chat.messages().get(2)).containsEntry("role", "tool").containsEntry("name", "f");
    assertThat(chat.tools())
        .isEqualTo(List.of(Map.of("type", "function", "function", Map.of("name", "f"))));
  }

  @Test
  void shareGpt_rolesAndSystem_areRead() {
    assertThat(
            parse(
                "{'system':'s','conversations':[{'from':'human','value':'a'},"
                    + "{'from':'gpt','value':'b'},{'from':'user','value':'c'},"
                    + "{'from':'assistant','value':'d'}]}"))
        .isEqualTo(
            chat("system", "s", "user", "a", "assistant", "b", "user", "c", "assistant", "d"));
    assertThat(
            parse(
                "{'system':'s','conversations':[{'from':'system','value':'own'},"
                    + "{'from':'human','value':'a'},{'from':'gpt','value':'b'}]}"))
        .isEqualTo(chat("system", "own", "user", "a", "assistant", "b"));
    assertThat(
            parse(
                "{'conversations':[{'role':'user','content':'a'},{'role':'assistant','content':'b'}]}"))
        .isEqualTo(chat("user", "a", "assistant", "b"));
  }

  @Test
  void shareGpt_functionCall_isAToolCall() {
    Row.Chat chat =
        (Row.Chat)
            parse(
                """
                {"conversations":[{"from":"human","value":"t"},
                 {"from":"function_call","value":"{\\"name\\":\\"f\\",\\"arguments\\":{\\"a\\":1}}"},
                 {"from":"observation","value":"5"},{"from":"gpt","value":"five"}],
                 "tools":"[{\\"name\\":\\"f\\"}]"}
                """);
    assertThat(chat.messages().stream().map(m -> m.get("role")))
        .containsExactly("user", "assistant", "tool", "assistant");
    assertThat(chat.messages().get(1))
        .containsEntry(
            "tool_calls",
            List.of(
                Map.of(
                    "type",
                    "function",
                    "function",
                    Map.of("name", "f", "arguments", Map.of("a", 1)))));
    assertThat(chat.tools())
        .isEqualTo(List.of(Map.of("type", "function", "function", Map.of("name", "f"))));
  }

  @Test
  void alpaca_inputSystemAndHistory_areOneConversation() {
    assertThat(parse("{'instruction':'a','input':'','output':'b'}"))
        .isEqualTo(chat("user", "a", "assistant", "b"));
    assertThat(
            parse(
                "{'instruction':'a','input':'x','output':'b','system':'s','history':[['p','q']]}"))
        .isEqualTo(
            chat("system", "s", "user", "p", "assistant", "q", "user", "a\nx", "assistant", "b"));
    assertThat(parse("{'instruction':'a','context':'x','response':'b'}"))
        .isEqualTo(chat("user", "a\nx", "assistant", "b"));
  }

  @ParameterizedTest
  @CsvSource({"question,answer", "prompt,response", "input,output"})
  void pair_question_isAConversation(String question, String answer) {
    assertThat(parse("{'" + question + "':'a','" + answer + "':'b','id':3}"))
        .isEqualTo(chat("user", "a", "assistant", "b"));
  }

  @Test
  void preference_texts_shareThePrompt() {
    Row.Preference expected =
        new Row.Preference(
            7, new Row.Completion(7, "p", " good"), new Row.Completion(7, "p", " bad"));
    assertThat(parse("{'prompt':'p','chosen':' good','rejected':' bad'}")).isEqualTo(expected);
    assertThat(parse("{'chosen':'p good','rejected':'p bad'}")).isEqualTo(expected);
  }

  @Test
  void preference_conversations_shareTheirBeginning() {
    Row.Preference expected =
        new Row.Preference(
            7, chat("user", "p", "assistant", "good"), chat("user", "p", "assistant", "bad"));
    String user = "{'role':'user','content':'p'}";
    String good = "{'role':'assistant','content':'good'}";
    String bad = "{'role':'assistant','content':'bad'}";
    for (String row :
        List.of(
            "{'prompt':'p','chosen':[%1$s,%2$s],'rejected':[%1$s,%3$s]}",
            "{'chosen':[%1$s,%2$s],'rejected':[%1$s,%3$s]}",
            "{'prompt':[%1$s],'chosen':[%2$s],'rejected':[%3$s]}",
            "{'prompt':[%1$s],'chosen':[%1$s,%2$s],'rejected':[%1$s,%3$s]}",
            "{'prompt':'p','chosen':[%2$s],'rejected':[%3$s]}",
            "{'messages':[%1$s],'chosen':%2$s,'rejected':%3$s}",
            "{'instruction':'p','chosen':'good','rejected':'bad'}",
            "{'conversations':[{'from':'human','value':'p'}],"
                + "'chosen':{'from':'gpt','value':'good'},'rejected':{'from':'gpt','value':'bad'}}")) {
      assertThat(parse(row.formatted(user, good, bad))).as(row).isEqualTo(expected);
    }
  }

  @Test
  void feedback_label_isRead() {
    assertThat(parse("{'prompt':'p','completion':'c','label':false}"))
        .isEqualTo(new Row.Feedback(7, new Row.Completion(7, "p", "c"), false));
    assertThat(parse("{'prompt':'p','completion':'c','label':'True'}"))
        .isEqualTo(new Row.Feedback(7, new Row.Completion(7, "p", "c"), true));
    assertThat(
            parse(
                "{'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'b'}],"
                    + "'label':true}"))
        .isEqualTo(new Row.Feedback(7, chat("user", "a", "assistant", "b"), true));
    // A number may be a class: only a mapping or --format make it a label.
    assertThat(parse("{'prompt':'p','completion':'c','label':1}"))
        .isEqualTo(new Row.Completion(7, "p", "c"));
    assertThat(parse("{'prompt':'p','completion':'c','label':1}", DataFormat.FEEDBACK, Map.of()))
        .isEqualTo(new Row.Feedback(7, new Row.Completion(7, "p", "c"), true));
    assertThat(parse("{'prompt':'p','completion':'c','ok':0}", null, Map.of("label", "ok")))
        .isEqualTo(new Row.Feedback(7, new Row.Completion(7, "p", "c"), false));
  }

  @Test
  void mapping_keysAndRoles_areRenamed() {
    assertThat(parse("{'q':'p','a':'c'}", null, Map.of("prompt", "q", "completion", "a")))
        .isEqualTo(new Row.Completion(7, "p", "c"));
    assertThat(
            parse(
                "{'dialog':[{'speaker':'boss','text':'s'},{'speaker':'customer','text':'x'},"
                    + "{'speaker':'agent','text':'y'}]}",
                null,
                Map.of(
                    "messages", "dialog",
                    "role", "speaker",
                    "content", "text",
                    "user", "customer",
                    "assistant", "agent",
                    "system-role", "boss")))
        .isEqualTo(chat("system", "s", "user", "x", "assistant", "y"));
    assertThat(
            parse(
                "{'prompt':'b','completion':'a'}",
                null,
                Map.of("prompt", "completion", "completion", "prompt")))
        .isEqualTo(new Row.Completion(7, "a", "b"));
  }

  @Test
  void mapping_oneOfSeveralLayouts_isChosenByIt() {
    String row = "{'messages':[{'role':'user','content':'a'}],'q':'p','a':'c','text':'t'}";
    assertThat(parse(row, null, Map.of("instruction", "q", "output", "a", "system-text", "S")))
        .isEqualTo(chat("system", "S", "user", "p", "assistant", "c"));
    assertThat(parse(row, DataFormat.TEXT, Map.of())).isEqualTo(new Row.Text(7, "t"));
  }

  @Test
  void mapping_unknownName_isRefused() {
    assertThatThrownBy(() -> new RowMapping(Map.of("promt", "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{'question':'a','answer':'b','prompt':'c','response':'d'} # say which to take",
        "{'messages':null,'id':1} # its keys are [id]",
        "{'conversations':[{'from':'alien','value':'x'}]} # \"from\" is \"alien\"",
        "{'conversations':[{'from':'human','text':'x'}]} # has no \"value\"",
        "{'conversations':[{'from':'function_call','value':'oops'}]} # a tool call is not JSON",
        "{'instruction':'a','output':' '} # key \"output\" is empty",
        "{'instruction':'','output':'b'} # key \"instruction\" is empty",
        "{'instruction':'a','output':'b','history':['x']} # not a list of pairs",
        "{'instruction':'a','output':'b','system':3} # key \"system\" is not a text",
        "{'messages':'oops'} # holds a text that is not JSON",
        "{'messages':'[{}'} # holds a text that is not JSON",
        "{'chosen':'a','rejected':'a'} # both answers are the same",
        "{'chosen':'a','rejected':'ab'} # one answer is how the other begins",
        "{'chosen':[{'role':'user','content':'a'}],'rejected':[{'role':'user','content':'b'}]} # do not begin with the same message",
        "{'prompt':'p','chosen':5,'rejected':'x'} # is not a list of messages",
        "{'messages':[{'role':'assistant','content':'a'}],'tools':[3]} # a tool is not an object",
        "{'messages':[{'role':'assistant','tool_calls':3}]} # \"tool_calls\" is not a list",
      })
  void parse_wrongRow_isRefused(String row, String what) {
    assertThatThrownBy(() -> parse(row))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("d.jsonl:7: ")
        .hasMessageContaining(what);
  }

  @Test
  void parse_mappedKeyMissing_namesIt() {
    assertThatThrownBy(() -> parse("{'a':1}", null, Map.of("prompt", "question")))
        .hasMessageContaining("\"question\" of the mapping is not there");
    assertThatThrownBy(() ->
            parse("{'question':3,'b':'x'}", null, Map.of("prompt", "question", "completion", "b")))
        .hasMessageContaining("key \"question\" (prompt) is not a text");
    assertThatThrownBy(
            () -> RowReader.parse(new RawRow(FILE, 7, Map.of("messages", "[{'role': 'user'}]"))))
        .hasMessageContaining("printed by Python");
  }
}
