package dev.graft.format;

import dev.graft.engine.DType;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Types of GGUF tensors that are read, with their numbers in the file. A type stores blocks of
 * {@link #block} elements in {@link #bytes} bytes.
 */
enum GgufType {
  F32(0, DType.F32),
  F16(1, DType.F16),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  I8(24, DType.I8),
  I16(25, DType.I16),
  I32(26, DType.I32),
  I64(27, DType.I64),
  F64(28, DType.F64),
  BF16(30, DType.BF16);

  private final int number;
  private final Optional<DType> plain;
  final int block;
  final int bytes;

  GgufType(int number, int block, int bytes) {
    this.number = number;
    this.plain = Optional.empty();
    this.block = block;
    this.bytes = bytes;
  }

  GgufType(int number, DType plain) {
    this.number = number;
    this.plain = Optional.of(plain);
    this.block = 1;
    this.bytes = plain.bytes();
  }

  /** The element type of a tensor that is not quantised. */
  Optional<DType> plain() {
    return plain;
  }

  static Optional<GgufType> of(int number) {
    return Stream.of(values()).filter(type -> type.number == number).findFirst();
  }
}
