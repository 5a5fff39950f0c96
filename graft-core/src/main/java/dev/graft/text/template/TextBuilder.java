package dev.graft.text.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts texts together and keeps the source of every character. */
final class TextBuilder {
  private final Context context;
  private final StringBuilder out = new StringBuilder();
  private int[] ends = new int[8];
  private long[] tags = new long[8];
  private int runs;
  private int generation;

  TextBuilder(Context context) {
    this.context = context;
  }

  int length() {
    return out.length();
  }

  /** The generation block that what follows stands in, zero for none; returns the one before. */
  int enterGeneration(int block) {
    int before = generation;
    generation = block;
    return before;
  }

  TextBuilder append(String text) {
    return append(text, Tags.NONE);
  }

  TextBuilder append(String text, long tag) {
    if (!text.isEmpty()) {
      room(text.length());
      out.append(text);
      mark(out.length(), Tags.inGeneration(tag, generation));
    }
    return this;
  }

  TextBuilder append(Text text) {
    if (text.isUniform()) {
      return append(text.string, text.tag());
    }
    int base = out.length();
    room(text.length());
    out.append(text.string);
    text.forEachRun((start, end, tag) -> mark(base + end, Tags.inGeneration(tag, generation)));
    return this;
  }

  TextBuilder append(Text text, int from, int to) {
    if (text.isUniform()) {
      if (from < to) {
        room(to - from);
        out.append(text.string, from, to);
        mark(out.length(), Tags.inGeneration(text.tag(), generation));
      }
      return this;
    }
    return append(text.substring(from, to));
  }

  private void room(int more) {
    if ((long) out.length() + more > context.limits.maxString()) {
      throw new TemplateException(
          "the text would have more than " + context.limits.maxString() + " characters");
    }
    context.allocate(more);
  }

  private void mark(int end, long tag) {
    if (runs > 0 && tags[runs - 1] == tag) {
      ends[runs - 1] = end;
      return;
    }
    if (runs == ends.length) {
      ends = Arrays.copyOf(ends, runs * 2);
      tags = Arrays.copyOf(tags, runs * 2);
    }
    ends[runs] = end;
    tags[runs] = tag;
    runs++;
  }

  Text toText() {
    return Text.ofRuns(out.toString(), ends, tags, runs);
  }

  Rendered toRendered() {
    var spans = new ArrayList<Span>();
    var generations = new ArrayList<CharRange>();
    int start = 0;
    int i = 0;
    while (i < runs) {
      long source = Tags.source(tags[i]);
      int j = i;
      while (j + 1 < runs && Tags.source(tags[j + 1]) == source) {
        j++;
      }
      if (source != Tags.NONE) {
        spans.add(new Span(start, ends[j], Tags.message(source), Tags.part(source)));
      }
      start = ends[j];
      i = j + 1;
    }
    collectGenerations(generations);
    return new Rendered(out.toString(), spans, generations);
  }

  private void collectGenerations(List<CharRange> into) {
    int start = 0;
    int i = 0;
    while (i < runs) {
      int block = Tags.generation(tags[i]);
      int j = i;
      while (j + 1 < runs && Tags.generation(tags[j + 1]) == block) {
        j++;
      }
      if (block != 0) {
        into.add(new CharRange(start, ends[j]));
      }
      start = ends[j];
      i = j + 1;
    }
  }
}
