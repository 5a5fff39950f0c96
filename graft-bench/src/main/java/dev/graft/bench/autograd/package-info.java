/** A peer: the same model written plainly over libtorch's automatic differentiation. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.autograd;
