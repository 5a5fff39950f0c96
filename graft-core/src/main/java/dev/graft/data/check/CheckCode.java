package dev.graft.data.check;

import static dev.graft.data.check.Severity.ERROR;
import static dev.graft.data.check.Severity.NOTE;
import static dev.graft.data.check.Severity.WARNING;

import dev.graft.InputException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be found: the one table of codes with what they mean and what to do. */
public enum CheckCode {
  MALFORMED_ROW(
      ERROR,
      "can't be read as rows",
      "Write one JSON object a line, in one of the shapes that the documentation lists."),
  EMPTY_CONTENT(
      ERROR,
      "have an empty or missing text where the model needs one",
      "Fill the text in or drop the row; an empty answer teaches the model to say nothing."),
  WRONG_ROLE_ORDER(
      ERROR,
      "have messages in an order that no conversation has",
      "A system message comes first if at all, then user and assistant in turn; a tool's result"
          + " follows its call; the assistant is last."),
  TEMPLATE_REFUSES(
      ERROR,
      "are refused by the model's chat template",
      "Change the row to what the template takes, or choose a model whose template takes it."),
  NOTHING_LEARNT(
      ERROR,
      "have nothing to learn in them",
      "Look at 'train: false' and at the chat template; a row without learnt tokens costs time"
          + " and teaches nothing."),
  END_OF_TURN_NOT_LEARNT(
      ERROR,
      "end without a learnt end-of-turn token",
      "Use a chat template that writes the token behind every answer; without it the model never"
          + " learns to stop."),
  PAD_HIDES_END_OF_TURN(
      ERROR,
      "have an end-of-turn token that is the padding token and is left out of the loss",
      "Let the loss mask follow places, not ids, or give the tokenizer a padding token of its own."),
  PROMPT_MISMATCH(
      ERROR,
      "begin otherwise than the prompt that the model will see",
      "The template writes the text before the answer differently once the answer is there; use"
          + " one that does not, or train on the last turn only."),
  ANSWER_CUT(
      ERROR,
      "lose part of their answer to the length limit",
      "Raise --max-length, or shorten or drop the rows; a cut answer has no end to learn."),
  SPECIAL_TOKEN(
      ERROR,
      "contain control tokens inside a message",
      "Remove the token from the text; it would be read as the model's own markup, so a message"
          + " can end a turn or begin another."),
  CHOSEN_IS_REJECTED(
      ERROR,
      "have the same answer as chosen and as rejected",
      "Drop the row; there is nothing to prefer."),
  DUPLICATE_ROW(
      ERROR,
      "repeat an earlier row",
      "Keep one of each; repeats are trained on more often than the rest and memorised."),
  VALID_IN_TRAIN(
      ERROR,
      "are held out and stand in the training data too",
      "Remove them from one of the files; the validation loss would measure memory."),
  VALID_NEAR_TRAIN(
      ERROR,
      "are held out and nearly the same as a training row",
      "Remove them from one of the files, or split by groups of similar rows."),
  CONFLICTING_ANSWERS(
      ERROR,
      "answer the same prompt differently than another row",
      "Decide for one answer, or put what decides between them into the prompt."),

  TEXT_CUT(
      WARNING,
      "are longer than the length limit, so that their end is not used",
      "Raise --max-length, or divide the texts."),
  SPECIAL_TOKEN_IN_TEXT(
      WARNING,
      "contain control tokens in a plain text",
      "Right where the text is a conversation written out for this model; else remove them. Rows"
          + " with messages are safer: the template writes the tokens."),
  CLASS_IMBALANCE(
      WARNING,
      "have one and the same short answer",
      "Add rows of the other answers; always giving this one would already look good."),
  LENGTH_IMBALANCE(
      WARNING,
      "have an answer of a very different length than most",
      "Look at them; the longest answers carry most of the loss."),
  BOILERPLATE(
      WARNING,
      "share words that say nothing about their prompt",
      "Cut the phrase unless the model is to say it every time."),
  MIXED_LANGUAGES(
      WARNING,
      "are in another language than most",
      "Right for a model of several languages; else remove them."),
  SECRET(
      WARNING,
      "seem to contain a password, key or token",
      "Remove and revoke it; a model can repeat what it was trained on."),
  PERSONAL_DATA(
      WARNING,
      "seem to contain personal data",
      "Remove or replace it unless you may use it; a model can repeat what it was trained on."),
  TOKENS_PER_WORD(
      WARNING,
      "need many more tokens a word than usual",
      "Look for encoded data and broken characters; a language that the tokenizer hardly knows is"
          + " learnt slowly."),

  PAD_IS_END_OF_TURN(
      NOTE,
      "the model's padding token is its end-of-turn token",
      "Graft learns it all the same, since it never leaves a token out by its id; tools that mask"
          + " padding by id would never teach the model to stop.");

  private final Severity severity;
  private final String what;
  private final String advice;

  CheckCode(Severity severity, String what, String advice) {
    this.severity = severity;
    this.what = what;
    this.advice = advice;
  }

  /** How bad it is unless the user allows it. */
  public Severity severity() {
    return severity;
  }

  /** What is wrong, to follow "rows that". */
  public String what() {
    return what;
  }

  /** What to do. */
  public String advice() {
    return advice;
  }

  /** The code as it is written, as in {@code nothing-learnt}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads a list of codes such as {@code answer-cut,duplicate-row}.
   *
   * @throws InputException where one is not known
   */
  public static Set<CheckCode> parse(String list) {
    Set<CheckCode> codes = EnumSet.noneOf(CheckCode.class);
    for (String word : list.split(",", -1)) {
      String wanted = word.strip();
      if (!wanted.isEmpty()) {
        codes.add(of(wanted));
      }
    }
    return codes;
  }

  private static CheckCode of(String word) {
    for (CheckCode code : values()) {
      if (code.word().equals(word)) {
        return code;
      }
    }
    String known = Arrays.stream(values()).map(CheckCode::word).collect(Collectors.joining(", "));
    throw new InputException("'" + word + "' is no code of the data check; there are " + known);
  }
}
