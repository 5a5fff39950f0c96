/**
 * Decoder-only language models: blocks with a forward and a hand-derived backward pass, and one
 * file per {@code model_type}.
 *
 * <p>Shapes in comments: N tokens of a packed micro-batch, d hidden size, I intermediate size, V
 * vocabulary, H query heads, K key/value heads, G = H/K, D head size, R adapter columns.
 */
package dev.graft.model;
