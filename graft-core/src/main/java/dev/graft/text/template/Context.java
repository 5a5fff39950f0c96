package dev.graft.text.template;

import java.time.Clock;

/** What one render has used so far, and its clock. */
final class Context {
  final Limits limits;
  final Clock clock;
  private long steps;
  private long allocated;
  private int depth;
  private int generations;

  Context(Limits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  void step() {
    if (++steps > limits.maxSteps()) {
      throw tooLong();
    }
  }

  /** Counts work that grows with the size of a value. */
  void charge(long units) {
    steps = Numbers.saturatedAdd(steps, units);
    if (steps > limits.maxSteps()) {
      throw tooLong();
    }
  }

  private TemplateException tooLong() {
    return new TemplateException("the template runs for more than " + limits.maxSteps() + " steps");
  }

  /** Counts a new string of {@code size} characters before it is made. */
  void allocate(long size) {
    allocate(size, 1);
  }

  /** Counts {@code size} new elements, each as large as {@code cost} characters. */
  void allocate(long size, int cost) {
    if (size > limits.maxString()) {
      throw new TemplateException(
          "a string or list would have more than " + limits.maxString() + " elements");
    }
    allocated += size * cost;
    if (allocated > limits.maxAllocated()) {
      throw new TemplateException(
          "the template makes more than " + limits.maxAllocated() + " characters of text");
    }
    charge((size * cost) >> 5);
  }

  void enter() {
    if (++depth > limits.maxDepth()) {
      throw new TemplateException("nested more than " + limits.maxDepth() + " levels deep");
    }
  }

  void leave() {
    depth--;
  }

  /** A number for the next generation block. */
  int nextGeneration() {
    return ++generations;
  }

  /** Refuses containers nested too deeply. */
  <T extends Value> T checked(T value) {
    int deep =
        switch (value) {
          case Value.Seq seq -> seq.depth;
          case Value.Dict dict -> dict.depth;
          default -> 0;
        };
    if (deep > limits.maxValueDepth()) {
      throw new TemplateException(
          "lists nested more than " + limits.maxValueDepth() + " levels deep");
    }
    return value;
  }
}
