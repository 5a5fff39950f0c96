package dev.graft.data;

import java.util.Locale;

/** How the rows of a data set are laid out; see docs/data.md for the keys of each. */
public enum DataFormat {
  /** Conversations as OpenAI's API has them: {@code messages}, optionally {@code tools}. */
  MESSAGES,
  /** Conversations of {@code from} and {@code value}: {@code conversations}. */
  SHAREGPT,
  /** {@code instruction}, {@code input}, {@code output}, {@code system} and {@code history}. */
  ALPACA,
  /** {@code prompt} and the {@code completion} that follows it. */
  PROMPT_COMPLETION,
  /** {@code text}. */
  TEXT,
  /** {@code prompt} with a {@code chosen} and a {@code rejected} answer. */
  PREFERENCE,
  /** {@code prompt}, {@code completion} and whether it is good: {@code label}. */
  FEEDBACK;

  /** As it is written on the command line and in files: {@code prompt-completion}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
