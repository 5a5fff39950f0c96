package dev.graft.data;

import dev.graft.model.PackedTokens;

/**
 * One example as the model will see it.
 *
 * @param line of the row it came from, counted from one
 * @param tokens one segment
 * @param cut whether the length limit cut its end off
 */
public record Example(long line, PackedTokens tokens, boolean cut) {}
