package dev.graft.ledger;

import dev.graft.InputException;
import dev.graft.format.Config;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Ledgers as JSON; docs/ledger.md says what every key means. */
final class LedgerJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int VERSION = 1;
  private static final String UNKNOWN = "unknown";
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final int LONGEST_TEXT = 1000;
  private static final int MOST_ENTRIES = 10_000;

  /** Such numbers still add up over all entries. */
  private static final long LARGEST_COUNT = 500_000_000_000_000L;

  private static final double LARGEST_FLOPS = 1e40;
  private static final double LARGEST_SECONDS = 1e12;
  private static final double LARGEST_JOULES = 1e20;

  private LedgerJson() {}

  // ---- writing

  static String write(Ledger ledger) {
    return text(toJson(ledger));
  }

  /** With the total, which a file leaves to its readers. */
  static String report(Ledger ledger) {
    ObjectNode root = toJson(ledger);
    ObjectNode total = root.putObject("total");
    total.put("complete", !ledger.isIncomplete());
    putSpent(total, ledger.total());
    return text(root);
  }

  private static String text(ObjectNode root) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static ObjectNode toJson(Ledger ledger) {
    ObjectNode root = JSON.createObjectNode();
    root.put("ledger", VERSION);
    var entries = root.putArray("entries");
    for (LedgerEntry entry : ledger.entries()) {
      entries.add(
          switch (entry) {
            case LedgerEntry.Run run -> toJson(run);
            case LedgerEntry.Unknown unknown -> head(unknown, UNKNOWN);
          });
    }
    return root;
  }

  private static ObjectNode head(LedgerEntry entry, String kind) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", printable(entry.id()));
    json.put("kind", kind);
    json.put("model", printable(entry.model()));
    return json;
  }

  private static ObjectNode toJson(LedgerEntry.Run run) {
    ObjectNode json = head(run, run.kind());
    json.put("method", run.method());
    var parents = json.putArray("parents");
    run.parents().forEach(parent -> parents.add(printable(parent)));
    LedgerEntry.Setting setting = run.setting();
    json.put("started", setting.started().toString());
    json.put("ended", setting.ended().toString());
    json.put("graft", printable(setting.graft()));
    json.put("processor", printable(setting.processor()));
    json.put("threads", setting.threads());
    putSpent(json, run.spent());
    return json;
  }

  private static void putSpent(ObjectNode json, Spent spent) {
    json.put("sittings", spent.sittings());
    json.put("steps", spent.data().steps());
    json.put("examples", spent.data().examples());
    json.put("tokens", spent.data().tokens());
    json.put("trained_tokens", spent.data().learntTokens());
    putWhole(json, "flops", spent.flops().total());
    putWhole(json, "evaluation_flops", spent.flops().evaluation());
    json.put("seconds", spent.seconds().total());
    json.put("evaluation_seconds", spent.seconds().evaluation());
    json.put("processor_seconds", spent.seconds().processor());
    json.put("peak_memory_bytes", spent.peakBytes());
    Energy energy = spent.energy();
    json.put("energy_joules", energy.joules());
    json.put("energy_source", energy.source());
    json.put("energy_measured_joules", energy.measured());
    json.put("energy_estimated_joules", energy.estimated());
    if (energy.estimated() > 0) {
      json.put("energy_estimate", EnergyMeter.ESTIMATE);
    }
    Spent.Lost lost = spent.lost();
    ObjectNode inner = json.putObject("lost");
    inner.put("steps", lost.steps());
    inner.put("tokens", lost.tokens());
    putWhole(inner, "flops", lost.flops());
    inner.put("seconds", lost.seconds());
  }

  /** As an integer, which it is: 1200000000, not 1.2E9. */
  private static void putWhole(ObjectNode json, String key, double value) {
    json.put(key, new BigDecimal(value).toBigInteger());
  }

  /** What a reader would refuse is replaced: a path may hold anything. */
  private static String printable(String text) {
    StringBuilder kept = new StringBuilder();
    for (int c : text.codePoints().toArray()) {
      int shown = isPrintable(c) ? c : '?';
      if (kept.length() + Character.charCount(shown) > LONGEST_TEXT) {
        break;
      }
      kept.appendCodePoint(shown);
    }
    return kept.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  // ---- reading

  static Ledger read(Config root) {
    if (!root.has("ledger")) {
      throw InputException.in(root.file(), "is no ledger: it has no key \"ledger\"");
    }
    if (root.intAt("ledger") != VERSION) {
      throw root.wrong("ledger", "this version of Graft reads only " + VERSION);
    }
    List<Config> entries = root.objects("entries");
    if (entries.size() > MOST_ENTRIES) {
      throw root.wrong("entries", "are more than " + MOST_ENTRIES);
    }
    List<LedgerEntry> read = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Config json : entries) {
      LedgerEntry entry = entry(json);
      if (entry instanceof LedgerEntry.Run run && !known.containsAll(run.parents())) {
        throw json.wrong("parents", "names an entry that does not stand before this one");
      }
      if (!known.add(entry.id())) {
        throw json.wrong("id", "stands for two entries");
      }
      read.add(entry);
    }
    return new Ledger(read);
  }

  private static LedgerEntry entry(Config json) {
    String id = text(json, "id");
    String kind = word(json, "kind");
    String model = text(json, "model");
    if (kind.equals(UNKNOWN)) {
      return new LedgerEntry.Unknown(id, model);
    }
    LedgerEntry.Setting setting =
        new LedgerEntry.Setting(
            time(json, "started"),
            time(json, "ended"),
            text(json, "graft"),
            text(json, "processor"),
            json.intAt("threads", 1, 1 << 20));
    List<String> parents = json.strings("parents");
    return new LedgerEntry.Run(
        id, kind, word(json, "method"), model, parents, setting, spent(json));
  }

  private static Spent spent(Config json) {
    Spent.Data data =
        new Spent.Data(
            count(json, "steps"),
            count(json, "examples"),
            count(json, "tokens"),
            json.longAt("trained_tokens", count(json, "tokens")));
    double measured = number(json, "energy_measured_joules", LARGEST_JOULES);
    double estimated = number(json, "energy_estimated_joules", LARGEST_JOULES);
    return new Spent(
        json.intAt("sittings", 0, Integer.MAX_VALUE / MOST_ENTRIES),
        data,
        share(json, "flops", LARGEST_FLOPS),
        time(json),
        json.longAt("peak_memory_bytes", Long.MAX_VALUE),
        new Energy(measured, estimated),
        json.object("lost").map(LedgerJson::lost).orElse(Spent.Lost.NONE));
  }

  private static Spent.Lost lost(Config json) {
    return new Spent.Lost(
        count(json, "steps"),
        count(json, "tokens"),
        number(json, "flops", LARGEST_FLOPS),
        number(json, "seconds", LARGEST_SECONDS));
  }

  private static Spent.Time time(Config json) {
    Spent.Share clock = share(json, "seconds", LARGEST_SECONDS);
    double processor = number(json, "processor_seconds", LARGEST_SECONDS);
    return new Spent.Time(clock.total(), clock.evaluation(), processor);
  }

  private static Spent.Share share(Config json, String key, double largest) {
    double total = number(json, key, largest);
    return new Spent.Share(total, number(json, "evaluation_" + key, total));
  }

  private static long count(Config json, String key) {
    return json.longAt(key, LARGEST_COUNT);
  }

  private static double number(Config json, String key, double largest) {
    double value = json.doubleAt(key);
    if (value < 0 || value > largest) {
      throw json.wrong(key, value + " is not from 0 to " + largest);
    }
    return value;
  }

  private static Instant time(Config json, String key) {
    try {
      return Instant.parse(text(json, key));
    } catch (DateTimeParseException e) {
      throw json.wrong(key, "is no time such as 2030-01-31T12:00:00Z");
    }
  }

  private static String word(Config json, String key) {
    String text = json.stringAt(key);
    if (!WORD.matcher(text).matches()) {
      throw json.wrong(key, "must be one word of small letters");
    }
    return text;
  }

  private static String text(Config json, String key) {
    String text = json.stringAt(key);
    if (text.length() > LONGEST_TEXT || !text.codePoints().allMatch(LedgerJson::isPrintable)) {
      throw json.wrong(key, "is too long or holds characters that can't be shown");
    }
    return text;
  }
}
