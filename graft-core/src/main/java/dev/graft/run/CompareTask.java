package dev.graft.run;

import dev.graft.InputException;
import dev.graft.config.TrainOptions;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.LossOn;
import dev.graft.data.Row;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowText;
import dev.graft.data.duplicates.ExactTexts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The task as the model sees it: test rows with their references, and rows as examples in prompts.
 *
 * @param base the model
 * @param encoder loss on the last answer alone
 * @param test rows that fit the model's context
 */
record CompareTask(BaseModel base, RowEncoder encoder, List<TestRow> test) {
  /**
   * A test row.
   *
   * @param prompt the last question, for people and for rules
   * @param reference the answer that it should have
   */
  record TestRow(Path file, Row row, String prompt, String reference) {}

  /** Reads the test rows. */
  static CompareTask load(BaseModel base, CompareFiles files, RowOptions rows, RunListener says) {
    RowEncoder encoder = Examples.encoder(base, LossOn.COMPLETION);
    CompareTask task = new CompareTask(base, encoder, new ArrayList<>());
    int context = base.spec().maxPositions();
    int tooLong = 0;
    for (Row row : RowReader.read(files.test(), rows)) {
      TestRow test = task.testRow(files.test(), row);
      if (task.example(test, row).tokens().tokens() > context) {
        tooLong++;
      } else {
        task.test.add(test);
      }
    }
    if (task.test.isEmpty()) {
      throw InputException.in(
          files.test(), "every row is longer than the model's context of " + context + " tokens");
    }
    if (tooLong > 0) {
      says.note(
          files.test()
              + ": "
              + (tooLong == 1 ? "1 row is left out" : tooLong + " rows are left out")
              + ", longer than the model's context of "
              + context
              + " tokens");
    }
    task.warnOfKnown(files, rows, says);
    return task;
  }

  private TestRow testRow(Path file, Row row) {
    String reference = RowText.answer(row).strip();
    if (reference.isEmpty()) {
      throw InputException.at(file, row.line(), "has no answer to compare with");
    }
    return switch (row) {
      case Row.Chat chat -> new TestRow(file, row, lastQuestion(chat), reference);
      case Row.Completion completion ->
          new TestRow(file, row, completion.prompt().strip(), reference);
      default ->
          throw InputException.at(
              file,
              row.line(),
              "is no conversation and no prompt with a completion, of which strategies could be"
                  + " compared");
    };
  }

  private static String lastQuestion(Row.Chat chat) {
    String question = "";
    for (Map<String, Object> message : chat.messages()) {
      if ("user".equals(message.get("role"))) {
        question = RowText.ofMessage(message);
      }
    }
    return question.strip();
  }

  /** Says where test rows were trained on: they would measure memory. */
  private void warnOfKnown(CompareFiles files, RowOptions rows, RunListener says) {
    ExactTexts texts = new ExactTexts();
    for (Row row : RowReader.read(files.train(), rows)) {
      texts.add(RowText.spoken(row));
    }
    int known = texts.size();
    int same = 0;
    for (TestRow row : test) {
      int first = texts.add(RowText.spoken(row.row()));
      same += first >= 0 && first < known ? 1 : 0;
    }
    if (same > 0) {
      says.note(
          files.test()
              + ": "
              + (same == 1 ? "1 row stands" : same + " rows stand")
              + " in "
              + files.train()
              + " too; what is measured on them is memory ('graft data split' keeps such rows on"
              + " one side)");
    }
  }

  /** The row as an example; the answers before the last carry no loss. */
  Example example(TestRow test, Row row) {
    return new ExampleSource(encoder, Integer.MAX_VALUE).encode(test.file(), row);
  }

  /** Ids that the model is to go on from. */
  int[] prompt(TestRow test, Row row) {
    try {
      return switch (row) {
        case Row.Chat chat -> {
          List<Map<String, Object>> messages = chat.messages();
          String text =
              Examples.chat(base)
                  .orElseThrow()
                  .prompt(messages.subList(0, messages.size() - 1), chat.tools());
          yield base.tokenizer().encode(text).ids();
        }
        case Row.Completion completion -> GenerateRun.withBos(base, completion.prompt());
        default -> throw new IllegalStateException("checked when it was read");
      };
    } catch (InputException e) {
      throw InputException.at(test.file(), row.line(), String.valueOf(e.getMessage()));
    }
  }

  /** The examples of a training file, as training would make them of it. */
  List<Example> examples(Path file, TrainOptions options) {
    return new ExampleSource(encoder, options.maxLength(), options.rows()).load(file).examples();
  }

  /**
   * The row with solved examples before it: earlier turns of a conversation, or texts before a
   * prompt.
   *
   * @return empty where an example is of another kind than the row
   */
  static Optional<Row> withShots(Row row, List<Row> shots) {
    if (row instanceof Row.Chat chat) {
      return chat(chat, shots);
    }
    StringBuilder before = new StringBuilder();
    for (Row shot : shots) {
      if (!(shot instanceof Row.Completion solved)) {
        return Optional.empty();
      }
      before.append(solved.prompt()).append(solved.completion()).append("\n\n");
    }
    Row.Completion asked = (Row.Completion) row;
    return Optional.of(
        new Row.Completion(asked.line(), before + asked.prompt(), asked.completion()));
  }

  private static Optional<Row> chat(Row.Chat row, List<Row> shots) {
    List<Map<String, Object>> messages = new ArrayList<>();
    row.messages().stream().filter(CompareTask::isSystem).forEach(messages::add);
    for (Row shot : shots) {
      switch (shot) {
        case Row.Chat chat ->
            chat.messages().stream().filter(m -> !isSystem(m)).forEach(messages::add);
        case Row.Completion solved -> {
          messages.add(Map.of("role", "user", "content", solved.prompt()));
          messages.add(Map.of("role", "assistant", "content", solved.completion()));
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    row.messages().stream().filter(m -> !isSystem(m)).forEach(messages::add);
    return Optional.of(new Row.Chat(row.line(), messages, row.tools()));
  }

  private static boolean isSystem(Map<String, Object> message) {
    return "system".equals(message.get("role")) || "developer".equals(message.get("role"));
  }
}
