package dev.graft.report;

import static dev.graft.report.Shape.NUMBER;
import static dev.graft.report.Shape.TEXT;
import static dev.graft.report.Shape.TRUTH;
import static dev.graft.report.Shape.list;
import static dev.graft.report.Shape.map;
import static dev.graft.report.Shape.object;

import dev.graft.format.Config;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a comparison, checked and made fit for a page. */
final class ComparisonJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int VERSION = 1;

  private static final Shape COST =
      object(
          "flops?", NUMBER,
          "seconds?", NUMBER,
          "memory_bytes?", NUMBER,
          "energy_joules?", NUMBER,
          "energy_source?", TEXT,
          "result_bytes?", NUMBER,
          "steps?", NUMBER,
          "answer_flops?", NUMBER);

  private static final Shape CELL =
      object(
          "strategy", TEXT,
          "size", NUMBER,
          "cost?", COST,
          "curve", list(object("step", NUMBER, "loss?", NUMBER)));

  private static final Shape RESULT =
      object(
          "strategy", TEXT,
          "size", NUMBER,
          "metrics", map(object("mean?", NUMBER, "low?", NUMBER, "high?", NUMBER)),
          "cost?", COST,
          "pareto?", map(TRUTH));

  private static final Shape STRATEGY =
      object(
          "id", TEXT,
          "name", TEXT,
          "trains", TRUTH,
          "trainable_parameters?", NUMBER,
          "learning_rate?", NUMBER,
          "detail?", TEXT);

  private static final Shape SETTINGS =
      object(
          "equal?", TEXT,
          "epochs?", NUMBER,
          "seeds?", list(NUMBER),
          "sizes?", list(NUMBER),
          "batch_size?", NUMBER,
          "max_length?", NUMBER,
          "max_new_tokens?", NUMBER,
          "precision?", TEXT);

  private static final Shape TASK =
      object(
          "train", TEXT,
          "valid?", TEXT,
          "test?", TEXT,
          "train_rows?", NUMBER,
          "test_rows?", NUMBER,
          "goal?", TEXT);

  private static final Shape ANSWER =
      object(
          "index", NUMBER,
          "prompt", TEXT,
          "reference", TEXT,
          "answers", list(object("strategy", TEXT, "text", TEXT)));

  private static final Shape LINEAGE =
      object("flops?", NUMBER, "complete?", TRUTH, "tokens?", NUMBER, "seconds?", NUMBER);

  private static final Shape SHAPE =
      object(
          "comparison",
          NUMBER,
          "graft",
          TEXT,
          "created?",
          TEXT,
          "processor?",
          TEXT,
          "threads?",
          NUMBER,
          "model",
          object("name", TEXT, "parameters?", NUMBER),
          "task",
          TASK,
          "settings",
          SETTINGS,
          "metrics",
          list(object("id", TEXT, "name", TEXT, "unit", TEXT, "better", TEXT)),
          "strategies",
          list(STRATEGY),
          "cells",
          list(CELL),
          "results",
          list(RESULT),
          "answers",
          list(ANSWER),
          "lineage?",
          LINEAGE,
          "verdict",
          list(TEXT),
          "next",
          list(TEXT));

  private ComparisonJson() {}

  /**
   * The same JSON in one line, for an element of a page.
   *
   * @throws dev.graft.InputException where it is no comparison of this version
   */
  static String embedded(String json) {
    ObjectNode tree = Config.parse(Path.of("comparison.json"), json).json();
    SHAPE.check("", tree);
    if (tree.path("comparison").doubleValue() != VERSION) {
      throw Shape.wrong("comparison", "this version of Graft reads only " + VERSION);
    }
    return escaped(JSON.writeValueAsString(tree));
  }

  /**
   * Writes as escapes what could end the element, begin a comment in it or be a line end to a
   * script; in JSON such characters stand within strings only. Halves of surrogate pairs have no
   * UTF-8.
   */
  private static String escaped(String json) {
    StringBuilder out = new StringBuilder(json.length() + 64);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < json.length()
              && Character.isLowSurrogate(json.charAt(i + 1));
      if (pair) {
        out.append(c).append(json.charAt(++i));
      } else if ("<>&\u2028\u2029\ufeff\u007f".indexOf(c) >= 0 || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
