/**
 * Fused elementwise kernels on bfloat16 memory, written with the Vector API.
 *
 * <p>An int vector of L lanes holds 2·L neighbouring bfloat16 elements, two in each lane. {@code v
 * << 16} are the even ones as float32 and {@code v & 0xFFFF0000} the odd ones, so nothing has to
 * change its shape; float rows in scratch memory keep this order, L even and then L odd ones. Every
 * kernel computes in float32 and rounds once, to nearest even, where it stores.
 *
 * <p>Results must not depend on whether the interpreter or a compiler runs a loop, for a resumed
 * run is to repeat an uninterrupted one bit for bit: only exact IEEE operations are used, and sums
 * over lanes are made in a fixed order. Loops are written out by hand and kept small, since C2
 * stops inlining what is not the JDK's own in large compilations, and vectors that cross a call are
 * allocated on the heap.
 */
@org.jspecify.annotations.NullMarked
package dev.graft.engine.kernels;
