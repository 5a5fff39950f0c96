package dev.graft.text;

import dev.graft.text.TokenizerJson.Check;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks the steps around a tokenizer's model: which there are, and the values that the native
 * library uses without looking (an index, a table key, a regular expression).
 */
final class PipelineCheck {
  private static final int MAX_DEPTH = 16;

  private static final Set<String> NORMALIZERS =
      Set.of(
          "Sequence",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Lowercase",
          "Replace",
          "Prepend",
          "Strip",
          "StripAccents",
          "Nmt",
          "BertNormalizer",
          "ByteLevel");
  private static final Set<String> PRE_TOKENIZERS =
      Set.of(
          "Sequence",
          "ByteLevel",
          "Split",
          "Digits",
          "Metaspace",
          "Whitespace",
          "WhitespaceSplit",
          "Punctuation",
          "BertPreTokenizer",
          "CharDelimiterSplit",
          "UnicodeScripts");
  private static final Set<String> POST_PROCESSORS =
      Set.of("Sequence", "ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing");
  private static final Set<String> DECODERS =
      Set.of(
          "Sequence",
          "ByteLevel",
          "Replace",
          "ByteFallback",
          "Fuse",
          "Strip",
          "Metaspace",
          "BPEDecoder",
          "WordPiece");

  private final Check check;
  private int addingProcessors;
  private TextLimits limits = TextLimits.NO_REGEX;

  PipelineCheck(Check check) {
    this.check = check;
  }

  /** The limits that the steps set to a text. */
  TextLimits run(ObjectNode document) {
    steps(document.get("normalizer"), "normalizer", "normalizers", NORMALIZERS, 0);
    steps(document.get("pre_tokenizer"), "pre_tokenizer", "pretokenizers", PRE_TOKENIZERS, 0);
    steps(document.get("post_processor"), "post_processor", "processors", POST_PROCESSORS, 0);
    steps(document.get("decoder"), "decoder", "decoders", DECODERS, 0);
    return limits;
  }

  private void steps(
      @Nullable JsonNode node, String kind, String children, Set<String> known, int depth) {
    if (node == null || node.isNull()) {
      return;
    }
    ObjectNode step = check.object(node, kind);
    String type = TokenizerJson.textOr(step.get("type"), "");
    if (!known.contains(type)) {
      throw check.wrong(kind + " \"" + type + "\" is not supported");
    }
    if (depth > MAX_DEPTH) {
      throw check.wrong(kind + " is nested too deep");
    }
    if (type.equals("Sequence")) {
      JsonNode list = step.get(children);
      if (list == null || !list.isArray()) {
        throw check.wrong(kind + " Sequence needs a list of " + children);
      }
      list.forEach(child -> steps(child, kind, children, known, depth + 1));
    } else {
      step(step, type, kind);
    }
  }

  private void step(ObjectNode step, String type, String kind) {
    if (kind.equals("post_processor") && !type.equals("ByteLevel") && ++addingProcessors > 1) {
      throw check.wrong("more than one post_processor adds tokens; only one is supported");
    }
    switch (type) {
      case "Replace", "Split" -> pattern(step, kind + " " + type);
      case "TemplateProcessing" -> template(step);
      case "ByteLevel", "Whitespace" -> limits = limits.and(TextLimits.REGEX);
      case "Strip" -> {
        JsonNode stop = step.path("stop");
        if (kind.equals("decoder") && !(stop.isInt() && stop.intValue() == 0)) {
          throw check.wrong("decoder Strip: only \"stop\": 0 is supported");
        }
      }
      default -> {
        // The library reads the other steps' values into closed types.
      }
    }
  }

  private void pattern(ObjectNode step, String where) {
    JsonNode pattern = step.path("pattern");
    String regex = TokenizerJson.textOr(pattern.get("Regex"), "");
    String plain = TokenizerJson.textOr(pattern.get("String"), "");
    if (pattern.size() != 1 || regex.isEmpty() == plain.isEmpty()) {
      throw check.wrong(where + " needs a pattern {\"String\": …} or {\"Regex\": …}");
    }
    if (regex.isEmpty()) {
      return;
    }
    TextLimits own =
        switch (RegexGuard.of(regex)) {
          case RUN -> TextLimits.REGEX;
          case TEXT -> TextLimits.WIDE_REGEX;
          case UNBOUNDED ->
              throw check.wrong(where + ": the regular expression may need endless time: " + regex);
        };
    limits = limits.and(own);
  }

  private void template(ObjectNode step) {
    JsonNode special = step.path("special_tokens");
    pieces(step.path("single"), special, Set.of("A"));
    pieces(step.path("pair"), special, Set.of("A", "B"));
    for (JsonNode token : special) {
      JsonNode ids = token.path("ids");
      if (!ids.isArray() || ids.isEmpty() || ids.size() != token.path("tokens").size()) {
        throw check.wrong("TemplateProcessing: a special token needs as many ids as tokens");
      }
    }
  }

  private void pieces(JsonNode pieces, JsonNode special, Set<String> sequences) {
    int texts = 0;
    for (JsonNode piece : pieces) {
      JsonNode token = piece.path("SpecialToken").get("id");
      JsonNode sequence = piece.path("Sequence").get("id");
      boolean known =
          piece.size() == 1
              && (token != null
                  ? special.has(token.asString(""))
                  : sequence != null && sequences.contains(sequence.asString("")));
      if (!known) {
        throw check.wrong("TemplateProcessing: unknown piece " + TokenizerJson.brief(piece));
      }
      texts += token == null ? 1 : 0;
    }
    if (!pieces.isArray() || texts != sequences.size()) {
      throw check.wrong("TemplateProcessing must use each text once");
    }
  }
}
