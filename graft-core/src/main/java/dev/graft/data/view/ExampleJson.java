package dev.graft.data.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Examples as JSON, for programs. */
public final class ExampleJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ExampleJson() {}

  /** One object on one line, without a line end; texts are as they are in the data. */
  public static String of(ShownExample example) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("file", example.file().toString());
    map.put("line", example.line());
    map.put("kind", example.kind());
    map.put("answer", example.answer().isEmpty() ? null : example.answer());
    map.put("tokens", example.tokens().size());
    map.put("max_length", example.limit());
    map.put("seen", example.seen().size());
    map.put("learnt", example.learnt());
    map.put("learnt_lost", example.learntLost());
    map.put("warnings", example.warnings());
    map.put("text", example.text());
    List<Map<String, @Nullable Object>> tokens = new ArrayList<>();
    for (ShownToken token : example.tokens()) {
      tokens.add(token(token, token.index() < example.limit()));
    }
    map.put("all_tokens", tokens);
    return JSON.writeValueAsString(map);
  }

  private static Map<String, @Nullable Object> token(ShownToken token, boolean seen) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("id", token.id());
    map.put("token", token.piece());
    map.put("text", token.text());
    if (token.share().of() > 1) {
      map.put("share", List.of(token.share().number(), token.share().of()));
    }
    map.put("learnt", token.learnt() && seen);
    map.put("special", token.special());
    map.put("seen", seen);
    map.put("message", token.origin().message() < 0 ? null : token.origin().message());
    map.put("part", token.origin().part());
    return map;
  }
}
