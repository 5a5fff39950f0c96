/** Benchmarks: Graft and its peers on the same work, side by side. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench;
