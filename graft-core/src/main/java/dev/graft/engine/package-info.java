/**
 * A small typed surface over libtorch, and the only package that sees {@code org.bytedeco}.
 *
 * <p>Every native allocation belongs to a {@link dev.graft.engine.Scope}. There is no autograd here
 * but in {@link dev.graft.engine.Autograd}, which tests use to check the hand-derived gradients.
 */
package dev.graft.engine;
