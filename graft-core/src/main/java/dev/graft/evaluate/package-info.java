/** Losses, metrics and their intervals. */
package dev.graft.evaluate;
