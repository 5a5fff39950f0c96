/** Memory of training by model size. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.memory;
