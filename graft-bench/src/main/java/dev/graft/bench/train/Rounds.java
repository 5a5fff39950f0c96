package dev.graft.bench.train;

import dev.graft.bench.BenchException;
import dev.graft.bench.process.ChildProcess;
import dev.graft.bench.report.Markdown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs the sides in turns, each in a process of its own: what else the machine does at a time then
 * meets all of them. Every other round goes the other way round, so that none always follows the
 * same one.
 */
final class Rounds {
  private final Path folder;
  private final List<Long> tokens;
  private final int settled;
  private final Consumer<String> progress;

  /**
   * Rounds.
   *
   * @param folder where each run gets a folder
   * @param tokens that each step must process
   * @param settled steps at the start that statistics leave out
   * @param progress is told what was measured
   */
  Rounds(Path folder, List<Long> tokens, int settled, Consumer<String> progress) {
    this.folder = folder;
    this.tokens = List.copyOf(tokens);
    this.settled = settled;
    this.progress = progress;
  }

  /** The order of a round; rounds count from one. */
  static List<Side> order(List<Side> sides, int round) {
    return round % 2 == 1 ? sides : sides.reversed();
  }

  /** What is done before a round, which counts from one. */
  @FunctionalInterface
  interface Before {
    void round(int number) throws IOException;
  }

  /**
   * Runs all rounds; the result has each side's runs in order.
   *
   * @throws BenchException when a side fails or did other work
   */
  Map<String, List<SideRun>> run(List<Side> sides, int rounds, Before before) throws IOException {
    Map<String, List<SideRun>> runs = new LinkedHashMap<>();
    sides.forEach(side -> runs.put(side.name(), new ArrayList<>()));
    for (int round = 1; round <= rounds; round++) {
      before.round(round);
      for (Side side : order(sides, round)) {
        progress.accept("round " + round + " of " + rounds + ": " + side.name() + " …");
        SideRun run = run(side, round);
        runs.getOrDefault(side.name(), new ArrayList<>()).add(run);
        progress.accept(
            "round "
                + round
                + " of "
                + rounds
                + ": "
                + side.name()
                + " "
                + Markdown.number(run.speed(settled).median(), 0)
                + " tokens/s");
      }
    }
    return runs;
  }

  private SideRun run(Side side, int round) throws IOException {
    String name = side.name() + " (round " + round + ")";
    Path mine = folder.resolve("round-" + round).resolve(side.name());
    Path log = folder.resolve("round-" + round).resolve(side.name() + ".log");
    ChildProcess.Ran ran = ChildProcess.run(name, side.command().in(mine), log);
    SideRun run = SideRun.read(name, mine, ran.peakBytes());
    check(name, run);
    return run;
  }

  /** Speeds can be compared only where the work was the same. */
  private void check(String name, SideRun run) {
    if (run.steps().size() != tokens.size()) {
      throw new BenchException(
          name + " made " + run.steps().size() + " steps instead of " + tokens.size());
    }
    for (int i = 0; i < tokens.size(); i++) {
      if (run.steps().get(i).tokens() != tokens.get(i)) {
        throw new BenchException(
            name
                + " processed "
                + run.steps().get(i).tokens()
                + " tokens in step "
                + (i + 1)
                + " instead of "
                + tokens.get(i)
                + ": it did not do the same work");
      }
    }
  }
}
