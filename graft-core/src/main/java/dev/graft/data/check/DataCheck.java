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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for mistakes in data: file by file, row by row, in memory that grows with the number of
 * rows only by hashes and numbers, some 200 bytes a row.
 *
 * <p>What it encodes can be taken over by who trains on it, so that a check before training does no
 * work twice.
 */
public final class DataCheck {
  private final Settings settings;
  private final List<Check> checks;
  private final RowExaminer examiner;
  private final Map<DataFile, CheckedFiles> files = new EnumMap<>(DataFile.class);
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
    this.settings = settings;
    this.checks = checks(model, settings, this.files);
    this.examiner = new RowExaminer(encoder, checks, settings.rows());
    this.padIsEndOfTurn =
        model.pad().isPresent() && model.stopIds().contains(model.pad().getAsInt());
    this.padText = padIsEndOfTurn ? model.tokenizer().tokenOf(model.pad().getAsInt()) : "";
  }

  private static List<Check> checks(
      ModelFacts model, Settings settings, Map<DataFile, CheckedFiles> files) {
    Function<Place, String> line =
        place -> Objects.requireNonNull(files.get(place.file())).line(place);
    return List.of(
        new RowRules(
            List.of(
                new LearntRule(model),
                new LengthRule(settings.maxLength()),
                new SpecialTokenRule(model.tokenizer()),
                new SecretRule())),
        new RepeatCheck(line),
        new NearCheck(line),
        new ClassCheck(),
        new AnswerLengthCheck(line),
        new BoilerplateCheck(),
        new LanguageCheck(),
        new TokensPerWordCheck(model.tokenizer(), line));
  }

  /**
   * Reads and checks a file or folder; what is held out comes first, so that only it has to be
   * remembered.
   *
   * @param encoded takes every row that could be encoded, with the file it stands in, in order
   * @throws InputException where the file can't be read or holds no rows
   */
  public void read(DataFile which, Path path, BiConsumer<Path, EncodedRow> encoded) {
    List<Path> parts = RowReader.files(path);
    files.put(which, new CheckedFiles(path, parts));
    long count = 0;
    try (RowSource source = RowReader.open(path);
        OrderedWorkers<RowExaminer.Read, RowExaminer.Examined> workers =
            new OrderedWorkers<>(
                settings.threads(), examiner::examine, one -> take(one, encoded))) {
      Place place = new Place(which, 0);
      while (true) {
        RowExaminer.Read read = next(parts, source, place);
        if (read == null) {
          break;
        }
        place = read.place();
        count++;
        workers.add(read);
      }
      workers.finish();
    }
    if (count == 0) {
      throw InputException.in(path, "holds no rows");
    }
    rows.put(which, count);
  }

  private static RowExaminer.@Nullable Read next(List<Path> parts, RowSource source, Place before) {
    try {
      RawRow row = source.next();
      if (row == null) {
        return null;
      }
      int part = before.part(); // files come in their order
      while (part + 1 < parts.size() && !parts.get(part).equals(row.file())) {
        part++;
      }
      return new RowExaminer.Read(new Place(before.file(), part, row.line()), row, null);
    } catch (InputException e) {
      Place expected = new Place(before.file(), before.part(), before.line() + 1);
      return new RowExaminer.Read(BadRow.place(parts, e, expected), null, e);
    }
  }

  private void take(RowExaminer.Examined examined, BiConsumer<Path, EncodedRow> sink) {
    examined.steps().forEach(Runnable::run);
    if (refusal.isEmpty()) {
      refusal = Optional.ofNullable(examined.refusal());
    }
    examined.encoded().forEach(row -> sink.accept(examined.file(), row));
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
