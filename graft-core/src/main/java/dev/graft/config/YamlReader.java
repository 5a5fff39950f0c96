package dev.graft.config;

import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one YAML 1.2 mapping from a small file that may be hostile.
 *
 * <p>Works on the parser's events and keeps every scalar as text with its line, so that an option's
 * own type decides what {@code no}, {@code 007} or {@code 2e-4} means. Anchors, aliases and tags
 * are refused (options need none, and aliases are how small files become large), as are duplicate
 * keys, deep nesting and a second document.
 */
public final class YamlReader {
  private static final int LONGEST_FILE = 1 << 20;
  private static final int DEEPEST = 8;

  private final Path file;
  private final Iterator<Event> events;

  private YamlReader(Path file, String text) {
    this.file = file;
    LoadSettings settings =
        LoadSettings.builder().setLabel("").setCodePointLimit(LONGEST_FILE).build();
    this.events = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /**
   * The file's only document; an empty file is an empty mapping.
   *
   * @throws InputException naming file and line where it is no mapping in YAML
   */
  public static YamlValue.Mapping read(Path file) {
    return parse(file, text(file));
  }

  /** The only document of a file that holds this text. */
  public static YamlValue.Mapping parse(Path file, String text) {
    try {
      return new YamlReader(file, text).document();
    } catch (MarkedYamlEngineException e) {
      String problem = e.getProblem() == null ? "is not YAML" : "not YAML: " + e.getProblem();
      throw InputException.at(file, line(e.getProblemMark()), oneLine(problem));
    } catch (YamlEngineException e) {
      throw InputException.in(file, oneLine("is not YAML: " + e.getMessage()), e);
    } catch (NumberFormatException e) {
      // How the parser takes "\UE0000041", a code point beyond 31 bits.
      throw InputException.in(file, "is not YAML: an escape in it is no character", e);
    }
  }

  private static String text(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(LONGEST_FILE + 1);
      if (bytes.length > LONGEST_FILE) {
        throw InputException.in(file, "is larger than 1 MiB; a file of options is small");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "is not text in UTF-8", e);
    } catch (NoSuchFileException e) {
      throw InputException.in(file, "no such file", e);
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private YamlValue.Mapping document() {
    YamlValue.@Nullable Mapping found = null;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
        default -> {
          if (found != null) {
            throw wrong(event, "holds a second document; options are one mapping");
          }
          found = topLevel(event);
        }
      }
    }
    return found == null ? new YamlValue.Mapping(List.of(), 1) : found;
  }

  private YamlValue.Mapping topLevel(Event event) {
    return switch (value(event, 0)) {
      case YamlValue.Mapping mapping -> mapping;
      case YamlValue.Scalar scalar when scalar.isNull() -> new YamlValue.Mapping(List.of(), 1);
      case YamlValue other ->
          throw InputException.at(
              file, other.line(), "expected lines of 'key: value', found " + other.kind());
    };
  }

  private YamlValue value(Event event, int depth) {
    if (depth > DEEPEST) {
      throw wrong(event, "is nested deeper than " + DEEPEST + " levels");
    }
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
      throw wrong(event, "anchors and aliases (& and *) are not supported; write the value out");
    }
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case SequenceStartEvent start -> sequence(start, depth);
      case MappingStartEvent start -> mapping(start, depth);
      default -> throw wrong(event, "unexpected " + event.getEventId());
    };
  }

  private YamlValue.Scalar scalar(ScalarEvent event) {
    if (event.getTag().isPresent()) {
      throw wrong(event, "tags (" + Shown.quoted(event.getTag().get()) + ") are not supported");
    }
    return new YamlValue.Scalar(event.getValue(), event.isPlain(), line(event.getStartMark()));
  }

  private YamlValue sequence(SequenceStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    List<YamlValue> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(value(event, depth + 1));
    }
    return new YamlValue.Sequence(List.copyOf(items), line(start.getStartMark()));
  }

  private YamlValue mapping(MappingStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    List<YamlValue.Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      if (!(value(event, depth + 1) instanceof YamlValue.Scalar key)) {
        throw wrong(event, "a key must be a word, not a list or a mapping");
      }
      if (!keys.add(key.text())) {
        throw wrong(event, "key " + Shown.quoted(key.text()) + " is given twice");
      }
      entries.add(new YamlValue.Entry(key, value(events.next(), depth + 1)));
    }
    return new YamlValue.Mapping(List.copyOf(entries), line(start.getStartMark()));
  }

  private void refuseTag(Event event, Optional<String> tag) {
    if (tag.isPresent()) {
      throw wrong(event, "tags (" + Shown.quoted(tag.get()) + ") are not supported");
    }
  }

  private InputException wrong(Event event, String what) {
    return InputException.at(file, line(event.getStartMark()), what);
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(Mark::getLine).orElse(0) + 1;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
