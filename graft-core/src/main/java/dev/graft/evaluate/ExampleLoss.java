package dev.graft.evaluate;

/**
 * Loss of one example.
 *
 * @param index of the example, counted from zero
 * @param loss mean over its learnt tokens, in nats
 * @param tokens number of learnt tokens
 */
public record ExampleLoss(int index, double loss, int tokens) {}
