/** What a training run writes about itself: folder, metrics, events for TensorBoard, summary. */
@org.jspecify.annotations.NullMarked
package dev.graft.train.log;
