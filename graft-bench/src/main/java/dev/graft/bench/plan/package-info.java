/** What {@code graft plan} says against what training takes. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.plan;
