package dev.graft.train;

import dev.graft.engine.Device;
import dev.graft.engine.Random;
import dev.graft.engine.Workers;
import dev.graft.model.Decoder;
import dev.graft.model.GradientBuffer;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The forward and backward passes of an optimizer step, on several threads where the gradients are
 * few enough for each to have its own.
 *
 * <p>The gradients of the lanes are added in their order, so the result depends on the number of
 * lanes but not on who was faster.
 */
final class Passes implements AutoCloseable {
  /** Most memory for the gradients of further lanes, in elements of float32: 256 MiB. */
  private static final long MOST_ELEMENTS = 64L << 20;

  private final Decoder model;
  private final Workers workers;
  private final List<GradientBuffer> buffers = new ArrayList<>();

  Passes(Decoder model, Parameters parameters, int batchSize) {
    this.model = model;
    boolean shared = model.device().type() == Device.Type.CPU;
    this.workers = Workers.open(shared ? mostLanes(parameters.count(), batchSize) : 1);
    buffers.add(parameters.buffer());
    while (buffers.size() < workers.count()) {
      buffers.add(parameters.newBuffer());
    }
  }

  /** As many as there are examples, and as gradients are small enough for. */
  static int mostLanes(long parameters, int batchSize) {
    return (int) Math.min(batchSize, 1 + MOST_ELEMENTS / Math.max(1, parameters));
  }

  /** The threads of the passes, for other work between them; none where there is one lane. */
  Optional<Workers> workers() {
    return workers.count() > 1 ? Optional.of(workers) : Optional.empty();
  }

  /** How many run side by side. */
  int lanes() {
    return workers.count();
  }

  /**
   * Sets the parameters' gradients to that of {@code scale · Σ losses} over all micro-batches.
   *
   * @param lanes micro-batches by lane
   * @param seed of the step, for dropout
   * @return the sum of the losses, in nats
   */
  double run(List<List<PackedTokens>> lanes, double scale, long seed) {
    List<Callable<Double>> tasks = new ArrayList<>();
    for (int lane = 0; lane < lanes.size(); lane++) {
      List<PackedTokens> own = lanes.get(lane);
      GradientBuffer buffer = buffers.get(lane);
      long laneSeed = Random.seed(seed, lane);
      tasks.add(() -> pass(own, buffer, scale, laneSeed));
    }
    double sum = 0;
    for (double lane : workers.run(tasks)) {
      sum += lane;
    }
    for (int lane = 1; lane < lanes.size(); lane++) {
      buffers.getFirst().flat().addInPlace(buffers.get(lane).flat());
    }
    return sum;
  }

  /** Takes over the values that an optimizer has changed. */
  void refresh() {
    model.refresh(workers);
  }

  /** The forward half alone, without gradients. */
  void forward(List<List<PackedTokens>> lanes) {
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (List<PackedTokens> own : lanes) {
      tasks.add(() -> own.stream().mapToInt(batch -> model.losses(batch).length).sum());
    }
    workers.run(tasks);
  }

  private double pass(List<PackedTokens> batches, GradientBuffer into, double scale, long seed) {
    into.flat().zeroInPlace();
    double sum = 0;
    int index = 0;
    for (PackedTokens batch : batches) {
      for (double loss : model.accumulate(batch, scale, Random.seed(seed, index++), into)) {
        sum += loss;
      }
    }
    return sum;
  }

  @Override
  public void close() {
    workers.close();
  }
}
