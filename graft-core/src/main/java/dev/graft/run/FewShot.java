package dev.graft.run;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The test rows as a strategy asks them.
 *
 * @param examples to measure the loss on, one for each test row
 * @param prompts ids to go on from, one for each test row
 * @param shortened test rows that got fewer solved examples, since the context holds no more
 */
record FewShot(List<Example> examples, List<int[]> prompts, int shortened) {

  /** The rows as they are. */
  static FewShot none(CompareTask task) {
    return of(task, List.of(), 0);
  }

  /**
   * The rows behind solved examples.
   *
   * @param file of the solved examples, all of which are used where the context holds them
   * @param newTokens room that is left for an answer
   */
  static FewShot of(CompareTask task, Path file, RowOptions options, int newTokens) {
    return of(task, RowReader.read(file, options), newTokens);
  }

  private static FewShot of(CompareTask task, List<Row> shots, int newTokens) {
    List<Example> examples = new ArrayList<>();
    List<int[]> prompts = new ArrayList<>();
    int shortened = 0;
    int context = task.base().spec().maxPositions();
    for (CompareTask.TestRow test : task.test()) {
      int count = shots.size();
      while (true) {
        Row row = row(test, shots.subList(0, count));
        Example example = task.example(test, row);
        int[] prompt = task.prompt(test, row);
        boolean fits = example.tokens().tokens() <= context && prompt.length + newTokens <= context;
        if (fits || count == 0) {
          examples.add(example);
          prompts.add(prompt);
          break;
        }
        count--;
      }
      shortened += count < shots.size() ? 1 : 0;
    }
    return new FewShot(examples, prompts, shortened);
  }

  private static Row row(CompareTask.TestRow test, List<Row> shots) {
    return CompareTask.withShots(test.row(), shots)
        .orElseThrow(() ->
            InputException.at(
                test.file(),
                test.row().line(),
                "is of another kind than the training rows that are to stand in its prompt"));
  }
}
