package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * Tells one base model from another: a digest of every weight's name and shape and of 64 of its
 * elements, evenly spread and rounded to bfloat16.
 *
 * <p>Sampled, since hashing gigabytes at every start would take longer than the answer is worth;
 * rounded, so that the same model has the same fingerprint in every precision and file format.
 */
final class Fingerprint {
  private static final int SAMPLES = 64;

  private final TreeMap<String, byte[]> entries = new TreeMap<>();

  void add(String name, Tensor tensor) {
    try (Scope scope = Scope.open()) {
      long count = tensor.elements();
      long stride = Math.max(1, count / SAMPLES);
      long[] index = new long[(int) Math.min(SAMPLES, count)];
      for (int i = 0; i < index.length; i++) {
        index[i] = i * stride;
      }
      Tensor rows = Tensor.of(index, index.length);
      Tensor flat = tensor.view(count);
      float[] samples = dev.graft.engine.Ops.indexSelect(flat, 0, rows).to(DType.BF16).toFloats();
      String text = Arrays.toString(tensor.shape()) + Arrays.toString(samples);
      entries.put(name, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** 16 hexadecimal digits. */
  String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      entries.forEach((name, bytes) -> {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      });
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
