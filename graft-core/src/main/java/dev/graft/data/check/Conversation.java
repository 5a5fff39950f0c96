package dev.graft.data.check;

import dev.graft.data.RowText;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether messages make a conversation: texts that are there, and roles in an order in which people
 * and models talk.
 *
 * <p>Roles that are none of system, developer, user, assistant, tool and function are left to the
 * chat template.
 */
final class Conversation {
  private final List<?> messages;
  private final List<Issue> issues;
  private Set<Object> openCalls = Set.of();
  private int results;
  private int calls = -1;

  private Conversation(List<?> messages, List<Issue> issues) {
    this.messages = messages;
    this.issues = issues;
  }

  /** Adds what is wrong with the messages, which need not be well-formed. */
  static void examine(List<?> messages, List<Issue> issues) {
    new Conversation(messages, issues).examine();
  }

  private void examine() {
    String before = "";
    boolean asked = false;
    for (int i = 0; i < messages.size(); i++) {
      if (!(messages.get(i) instanceof Map<?, ?> message)
          || !(message.get("role") instanceof String role)) {
        return; // malformed, which is another code
      }
      content(message, role, i);
      String kind = kind(role);
      order(message, kind, before, i);
      if (kind.equals("assistant") && i == messages.size() - 1 && !asked) {
        wrong(i, "an answer with no message of a user before it");
      }
      asked |= !kind.equals("system") && !kind.equals("assistant");
      before = kind;
    }
    if (!before.equals("assistant") && !messages.isEmpty()) {
      wrong(messages.size() - 1, "the last message is of the " + before + ", not the assistant");
    }
  }

  private void content(Map<?, ?> message, String role, int index) {
    Object content = message.get("content");
    boolean otherwise = isSome(message.get("tool_calls")) || isSome(message.get("function_call"));
    boolean thought = isSome(message.get("reasoning_content"));
    boolean speaks = role.equals("user") || role.equals("assistant");
    boolean blank =
        content instanceof String text
            ? text.isBlank()
            : content instanceof List<?> l && l.isEmpty();
    if ((content == null && !otherwise && !thought) || (speaks && blank && !otherwise)) {
      String what = content == null ? "has no content" : "has an empty content";
      issues.add(
          new Issue(CheckCode.EMPTY_CONTENT, "messages[" + index + "] (" + role + ") " + what));
    }
  }

  private static boolean isSome(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case String text -> !text.isBlank();
      case List<?> list -> !list.isEmpty();
      default -> true;
    };
  }

  private void order(Map<?, ?> message, String kind, String before, int index) {
    switch (kind) {
      case "system" -> {
        if (index > 0) {
          wrong(index, "a system message that is not the first");
        }
      }
      case "user" -> {
        if (before.equals("user")) {
          wrong(index, "two messages of the user in a row");
        }
      }
      case "assistant" -> {
        if (before.equals("assistant")) {
          wrong(index, "two messages of the assistant in a row");
        }
        openCalls(message);
      }
      case "tool" -> result(message, before, index);
      default -> {}
    }
  }

  /** Remembers what the assistant called, which results must answer. */
  private void openCalls(Map<?, ?> message) {
    results = 0;
    openCalls = new HashSet<>();
    if (message.get("tool_calls") instanceof List<?> list && !list.isEmpty()) {
      calls = list.size();
      for (Object call : list) {
        if (call instanceof Map<?, ?> map && map.get("id") != null) {
          openCalls.add(map.get("id"));
        }
      }
    } else {
      // Some data writes its calls into the content; how many there are is not known.
      String content = RowText.ofContent(message.get("content"));
      boolean mayCall = content.contains("{") || content.contains("[");
      calls = message.get("function_call") != null || mayCall ? Integer.MAX_VALUE : 0;
    }
  }

  private void result(Map<?, ?> message, String before, int index) {
    results++;
    Object id = message.get("tool_call_id");
    if ((!before.equals("assistant") && !before.equals("tool")) || calls <= 0) {
      wrong(index, "a tool's result without a call");
    } else if (results > calls) {
      wrong(index, "more results of tools than calls");
    } else if (id != null && !openCalls.isEmpty() && !openCalls.contains(id)) {
      wrong(index, "a tool's result with a tool_call_id that no call has");
    }
  }

  private static String kind(String role) {
    return switch (role) {
      case "developer" -> "system";
      case "function", "ipython" -> "tool";
      default -> role;
    };
  }

  private void wrong(int index, String what) {
    issues.add(
        new Issue(CheckCode.WRONG_ROLE_ORDER, "messages[" + index + "]: " + Shown.line(what, 120)));
  }
}
