package dev.graft.run;

import dev.graft.InputException;
import dev.graft.config.DataChecking;
import dev.graft.config.TrainOptions;
import dev.graft.data.EncodedRow;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.check.CheckReport;
import dev.graft.data.check.DataCheck;
import dev.graft.data.check.DataFile;
import dev.graft.data.check.Finding;
import dev.graft.data.check.ReportText;
import dev.graft.data.check.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The examples of a run, looked at for mistakes while they are read: each row is encoded once.
 *
 * @param valid empty where nothing is held out
 */
record TrainingData(List<Example> train, List<Example> valid) {
  private static final int LINES_SHOWN = 5;

  /**
   * Reads the files that the options name.
   *
   * @throws InputException where a row can't be trained on, or the data check finds errors and they
   *     are not allowed
   */
  static TrainingData load(BaseModel base, TrainOptions options, RunListener listener) {
    ExampleSource source =
        new ExampleSource(
            Examples.encoder(base, options.lossOn()), options.maxLength(), options.rows());
    if (options.dataCheck() == DataChecking.OFF) {
      List<Example> train = noted(options.data(), source.load(options.data()), listener);
      Optional<Path> valid = options.valid();
      return new TrainingData(
          train,
          valid.isPresent() ? noted(valid.get(), source.load(valid.get()), listener) : List.of());
    }
    DataCheck check =
        DataCheckRun.of(
            base,
            new DataCheckRun.Request(
                base.name(),
                options.data(),
                options.valid(),
                options.maxLength(),
                options.lossOn(),
                options.dataCheckAllow(),
                options.rows()));
    Checked train = new Checked(source.collector(options.data()));
    Optional<Checked> valid =
        options
            .valid()
            .map(file -> {
              Checked held = new Checked(source.collector(file));
              check.read(DataFile.VALID, file, held::add);
              return held;
            });
    check.read(DataFile.DATA, options.data(), train::add);
    judge(check.report(), options, listener);
    check
        .refusal()
        .ifPresent(refusal -> {
          throw refusal;
        });
    return new TrainingData(
        noted(options.data(), train.loaded(), listener),
        valid.isPresent()
            ? noted(options.valid().orElseThrow(), valid.get().loaded(), listener)
            : List.of());
  }

  /** Examples of a file whose mistakes are first all gathered. */
  private static final class Checked {
    private final ExampleSource.Collector collector;
    private @Nullable InputException refusal;

    Checked(ExampleSource.Collector collector) {
      this.collector = collector;
    }

    void add(Path file, EncodedRow row) {
      if (refusal != null) {
        return;
      }
      try {
        collector.add(file, row);
      } catch (InputException e) {
        refusal = e;
      }
    }

    ExampleSource.Loaded loaded() {
      if (refusal != null) {
        throw refusal;
      }
      return collector.loaded();
    }
  }

  private static void judge(CheckReport report, TrainOptions options, RunListener listener) {
    boolean stops = options.dataCheck() == DataChecking.ERROR;
    for (Finding finding : report.findings()) {
      if (finding.severity() != Severity.NOTE) {
        listener.note("data check: " + ReportText.line(report, finding, LINES_SHOWN));
      }
    }
    if (stops && report.hasErrors()) {
      throw InputException.in(
          options.data(),
          "the data check found errors ("
              + String.join(
                  ", ",
                  report.findings(Severity.ERROR).stream()
                      .map(finding -> finding.code().word())
                      .distinct()
                      .toList())
              + "); 'graft data check' says what to do about them, --data-check-allow CODE trains"
              + " in spite of one");
    }
  }

  private static List<Example> noted(Path file, ExampleSource.Loaded loaded, RunListener listener) {
    Examples.note(file, loaded, listener);
    return loaded.examples();
  }
}
