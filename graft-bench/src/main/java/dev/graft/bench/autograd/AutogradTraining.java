package dev.graft.bench.autograd;

import dev.graft.engine.Random;
import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Training steps of {@link PlainLlama} with libtorch's own AdamW. */
final class AutogradTraining implements AutoCloseable {
  private final PlainLlama model;
  private final TensorVector trained;
  private final AdamW optimizer;

  AutogradTraining(PlainLlama model, double learningRate) {
    this.model = model;
    List<Tensor> leaves = new ArrayList<>();
    for (Linear linear : model.adapted()) {
      if (linear.a() != null && linear.b() != null) {
        leaves.add(linear.a());
        leaves.add(linear.b());
      }
    }
    this.trained = new TensorVector(leaves.toArray(Tensor[]::new));
    AdamWOptions options = new AdamWOptions(learningRate);
    options.weight_decay().put(0.0);
    this.optimizer = new AdamW(trained, options);
  }

  /**
   * Begins as Graft does: A uniformly from ±1/√in, with Graft's seeds, and B zero.
   *
   * <p>Graft counts an adapter's matrices in the order of its fused linears: the A of those with
   * one input, then their B.
   */
  void initialise(long seed) {
    int number = 0;
    List<Linear> all = model.adapted();
    for (int at = 0; at < all.size(); ) {
      int end = at + 1;
      while (end < all.size() && group(all.get(end)).equals(group(all.get(at)))) {
        end++;
      }
      for (Linear linear : all.subList(at, end)) {
        Tensor a = linear.a();
        number++;
        if (a != null) {
          double bound = 1 / Math.sqrt((double) a.size(1));
          try (var generator = torch.make_generator_cpu(Random.seed(seed, number));
              var optional = new GeneratorOptional(generator)) {
            a.detach().uniform_(-bound, bound, optional);
          }
        }
      }
      number += end - at;
      at = end;
    }
  }

  /** Parts of one layer that share their input. */
  private static String group(Linear linear) {
    String last = linear.name().substring(linear.name().lastIndexOf('.') + 1);
    String layer = linear.name().substring(0, linear.name().lastIndexOf('.'));
    return switch (last) {
      case "q_proj", "k_proj", "v_proj" -> layer + ".qkv";
      case "gate_proj", "up_proj" -> layer + ".gate_up";
      default -> linear.name();
    };
  }

  /** One optimizer step; returns the mean loss over the learnt tokens. */
  double step(PackedTokens batch, double maxGradNorm) {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad();
      Tensor loss = model.loss(batch);
      loss.backward();
      double _ = torch.clip_grad_norm_(trained, maxGradNorm);
      optimizer.step();
      return loss.item_double();
    }
  }

  @Override
  public void close() {
    optimizer.close();
    trained.close();
  }
}
