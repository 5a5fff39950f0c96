package dev.graft.text.template;

import java.util.List;

/**
 * What a template rendered.
 *
 * @param text the whole text
 * @param spans the stretches copied from messages, in order and disjoint; empty when the sources
 *     were not tracked
 * @param generations the text of each {@code {% generation %}} block, in order and disjoint; empty
 *     blocks are left out
 */
public record Rendered(String text, List<Span> spans, List<CharRange> generations) {
  public Rendered {
    spans = List.copyOf(spans);
    generations = List.copyOf(generations);
  }
}
