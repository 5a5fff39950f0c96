package dev.graft.goal;

import java.util.function.Function;

/**
 * One thing that can be asked of an answer.
 *
 * @param code its kind, as the goal file names it
 * @param text what is asked, in words
 * @param judge how an answer is judged
 */
record Check(String code, String text, Function<Sample, Outcome> judge) {
  Outcome of(Sample sample) {
    return judge.apply(sample);
  }
}
