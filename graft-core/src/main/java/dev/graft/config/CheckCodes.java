package dev.graft.config;

import dev.graft.InputException;
import dev.graft.data.check.CheckCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Codes of the data check, as {@code answer-cut,duplicate-row} or as a list. */
final class CheckCodes extends OptionType<Set<CheckCode>> {
  @Override
  Set<CheckCode> read(YamlValue value) throws BadValueException {
    List<String> words = new ArrayList<>();
    if (value instanceof YamlValue.Sequence sequence) {
      for (YamlValue item : sequence.items()) {
        words.add(text(item));
      }
    } else {
      words.add(text(value));
    }
    Set<CheckCode> codes = EnumSet.noneOf(CheckCode.class);
    for (String word : words) {
      try {
        codes.addAll(CheckCode.parse(word));
      } catch (InputException e) {
        throw refused(word);
      }
    }
    return codes;
  }

  @Override
  Object toJson(Set<CheckCode> value) {
    return Arrays.stream(CheckCode.values())
        .filter(value::contains)
        .map(CheckCode::word)
        .collect(Collectors.joining(","));
  }

  @Override
  Map<String, Object> schema() {
    Map<String, Object> string = Map.of("type", "string");
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("type", "array");
    list.put("items", string);
    return new LinkedHashMap<>(Map.of("anyOf", List.of(string, list)));
  }

  @Override
  public String allowed() {
    return "codes of `graft data check`, with commas between";
  }

  @Override
  public String label() {
    return "CODE,…";
  }
}
