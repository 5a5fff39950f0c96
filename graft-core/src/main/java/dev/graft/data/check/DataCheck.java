package dev.graft.data.check;

import dev.graft.InputException;
import dev.graft.data.EncodedRow;
import dev.graft.data.RawRow;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for mistakes in data: file by file, row by row, in memory that grows with the number of
 * rows only by hashes and numbers, some 200 bytes a row.
 *
 * <p>What it encodes can be taken over by who trains on it, so that a check before training does no
 * work twice.
 */
public final class DataCheck {
  private final RowEncoder encoder;
  private final Settings settings;
  private final List<Check> checks;
  private final RowExaminer examiner;
  private final Map<DataFile, Path> files = new EnumMap<>(DataFile.class);
  private final Map<DataFile, Long> rows = new EnumMap<>(DataFile.class);
  private final boolean padIsEndOfTurn;
  private final String padText;
  private Optional<InputException> refusal = Optional.empty();

  /**
   * How to check.
   *
   * @param maxLength longest example in tokens
   * @param allowed errors that are to be warnings
   * @param threads how many rows are encoded at once
   * @param rows how rows are understood
   */
  public record Settings(int maxLength, Set<CheckCode> allowed, int threads, RowOptions rows) {
    public Settings {
      allowed = Set.copyOf(allowed);
    }
  }

  /** A check of data for one model. */
  public DataCheck(RowEncoder encoder, ModelFacts model, Settings settings) {
    this.encoder = encoder;
    this.settings = settings;
    this.checks = checks(model, settings);
    this.examiner = new RowExaminer(this.encoder, checks, settings.rows());
    this.padIsEndOfTurn =
        model.pad().isPresent() && model.stopIds().contains(model.pad().getAsInt());
    this.padText = padIsEndOfTurn ? model.tokenizer().tokenOf(model.pad().getAsInt()) : "";
  }

  private static List<Check> checks(ModelFacts model, Settings settings) {
    return List.of(
        new RowRules(
            List.of(
                new LearntRule(model),
                new LengthRule(settings.maxLength()),
                new SpecialTokenRule(model.tokenizer()),
                new SecretRule())),
        new RepeatCheck(),
        new NearCheck(),
        new ClassCheck(),
        new AnswerLengthCheck(),
        new BoilerplateCheck(),
        new LanguageCheck(),
        new TokensPerWordCheck(model.tokenizer()));
  }

  /**
   * Reads and checks a file; what is held out comes first, so that only it has to be remembered.
   *
   * @param encoded takes every row that could be encoded, in order
   * @throws InputException where the file can't be read or holds no rows
   */
  public void read(DataFile which, Path file, Consumer<EncodedRow> encoded) {
    files.put(which, file);
    long count = 0;
    try (RowSource source = RowReader.open(file);
        OrderedWorkers<RowExaminer.Read, RowExaminer.Examined> workers =
            new OrderedWorkers<>(
                settings.threads(), examiner::examine, one -> take(one, encoded))) {
      long line = 0;
      while (true) {
        RowExaminer.Read read = next(which, file, source, line + 1);
        if (read == null) {
          break;
        }
        line = read.place().line();
        count++;
        workers.add(read);
      }
      workers.finish();
    }
    if (count == 0) {
      throw InputException.in(file, "holds no rows");
    }
    rows.put(which, count);
  }

  private static RowExaminer.@Nullable Read next(
      DataFile which, Path file, RowSource source, long expected) {
    try {
      RawRow row = source.next();
      return row == null ? null : new RowExaminer.Read(new Place(which, row.line()), row, null);
    } catch (InputException e) {
      long line = BadLine.of(file, e, expected);
      return new RowExaminer.Read(new Place(which, line), null, e);
    }
  }

  private void take(RowExaminer.Examined examined, Consumer<EncodedRow> sink) {
    examined.steps().forEach(Runnable::run);
    if (refusal.isEmpty()) {
      refusal = Optional.ofNullable(examined.refusal());
    }
    examined.encoded().forEach(sink);
  }

  /** Why the first row that can't be read or encoded can't be; empty where all can. */
  public Optional<InputException> refusal() {
    return refusal;
  }

  /** What was found in the files that were read. */
  public CheckReport report() {
    List<Finding> findings = new ArrayList<>();
    for (Check check : checks) {
      findings.addAll(check.findings());
    }
    if (padIsEndOfTurn) {
      CheckCode code = CheckCode.PAD_IS_END_OF_TURN;
      findings.add(new Finding(code, code.severity(), 0, List.of(), code.what(), padText));
    }
    List<Finding> sorted =
        findings.stream()
            .map(this::allowed)
            .sorted(Comparator.comparing(Finding::severity).thenComparing(Finding::code))
            .toList();
    return new CheckReport(files, rows, sorted);
  }

  private Finding allowed(Finding finding) {
    boolean milder =
        finding.severity() == Severity.ERROR && settings.allowed().contains(finding.code());
    return milder ? finding.as(Severity.WARNING) : finding;
  }
}
