package dev.graft.text.template;

/**
 * What one compile or render may use. A template is a program from outside; these bounds make a
 * hostile one an error.
 *
 * @param maxSource characters of template source
 * @param maxSteps evaluation steps, with large copies counted by their size
 * @param maxDepth nesting of calls, blocks and expressions while rendering
 * @param maxNesting nesting of brackets and blocks in the source
 * @param maxValueDepth nesting of lists and dictionaries
 * @param maxString characters of one string or list, and of the output
 * @param maxAllocated characters and list places made during one render, all together
 * @param maxRange numbers in one {@code range}
 */
public record Limits(
    int maxSource,
    long maxSteps,
    int maxDepth,
    int maxNesting,
    int maxValueDepth,
    int maxString,
    long maxAllocated,
    long maxRange) {

  /** Far above what any real template needs; a render at these bounds ends within seconds. */
  public static final Limits DEFAULT =
      new Limits(1 << 20, 20_000_000L, 400, 100, 200, 1 << 24, 1L << 28, 100_000L);

  public Limits {
    if (maxSource < 1
        || maxSteps < 1
        || maxDepth < 1
        || maxNesting < 1
        || maxValueDepth < 1
        || maxString < 1
        || maxAllocated < 1
        || maxRange < 1) {
      throw new IllegalArgumentException("every limit must be positive");
    }
  }

  /** The same limits with another bound on steps. */
  public Limits withMaxSteps(long steps) {
    return new Limits(
        maxSource, steps, maxDepth, maxNesting, maxValueDepth, maxString, maxAllocated, maxRange);
  }

  /** The same limits with another bound on the size of one string and of the output. */
  public Limits withMaxString(int characters) {
    return new Limits(
        maxSource,
        maxSteps,
        maxDepth,
        maxNesting,
        maxValueDepth,
        characters,
        maxAllocated,
        maxRange);
  }
}
