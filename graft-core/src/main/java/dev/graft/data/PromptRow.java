package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A row to be answered: what comes before its answer, if it has one.
 *
 * @param file the file it stands in
 * @param line as in {@link RawRow}
 * @param messages the conversation so far, never empty
 * @param tools the tools offered, empty for none
 * @param plain whether the row is no conversation but one text, the content of its only message
 */
public record PromptRow(
    Path file, long line, List<Map<String, Object>> messages, List<Object> tools, boolean plain) {

  /**
   * Understands a row: messages (the last one left out where it is the assistant's), an instruction
   * or a question, or a prompt; an answer may be there or not.
   *
   * @throws InputException naming file, line and key of what is wrong with it
   */
  public static PromptRow of(RawRow row, RowOptions options) {
    RowParser parser = new RowParser(new RowFields(row, options.mapping()));
    RowParser.Asked asked = parser.asked();
    return new PromptRow(row.file(), row.line(), asked.messages(), asked.tools(), asked.plain());
  }

  /** The text of a plain row. */
  public String text() {
    return String.valueOf(messages.getLast().get("content"));
  }

  /** {@code FILE:LINE: what is wrong}. */
  public InputException wrong(String what) {
    return InputException.at(file, line, what);
  }
}
