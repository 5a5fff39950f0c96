package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;

/** Goal files of tests and what they say of answers. */
final class Goals {
  private Goals() {}

  static Goal goal(Path folder, String yaml) {
    try {
      return Goal.read(Files.writeString(folder.resolve("goal.yaml"), yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The goal's report on these answers, each to the same prompt, in lines 1, 2, … */
  static GoalReport report(Goal goal, String prompt, String... answers) {
    var check = new GoalCheck(goal);
    for (int i = 0; i < answers.length; i++) {
      check.add(new Row.Completion(i + 1, prompt, answers[i]));
    }
    return check.report();
  }

  static AbstractThrowableAssert<?, ?> refused(Path folder, String yaml) {
    return assertThatThrownBy(() -> goal(folder, yaml))
        .isInstanceOf(InputException.class)
        .hasMessageNotContaining("\n");
  }
}
