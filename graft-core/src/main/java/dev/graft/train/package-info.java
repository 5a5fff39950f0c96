/** Training: one visible loop, the optimizer, the schedule, and checkpoints that can be resumed. */
package dev.graft.train;
