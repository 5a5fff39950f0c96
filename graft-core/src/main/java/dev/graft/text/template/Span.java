package dev.graft.text.template;

/**
 * A stretch of rendered text that was copied from a message.
 *
 * @param start first UTF-16 index
 * @param end UTF-16 index after the last
 * @param messageIndex index into {@code messages}
 * @param part which part of that message
 */
public record Span(int start, int end, int messageIndex, Part part) {}
