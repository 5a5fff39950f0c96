/** Training, Graft and a peer in turns. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.train;
