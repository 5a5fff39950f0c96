#!/usr/bin/env python3
"""Makes the small weight files that the tests of dev.graft.format read.

usage: weight_files.py OUT_DIR [SMOLLM2_DIR]      needs: torch, safetensors, gguf, transformers

mixed.safetensors   tensors of all types that are read, as the reference library writes them
quants.gguf         random blocks of every quantised type
quants.safetensors  the same tensors as the gguf package dequantises them
tiny-llama.gguf     a llama of one layer, with metadata of all kinds
tiny-llama.safetensors  the same in Hugging Face's order
smollm2.tsv         SHA-256 of the float32 bytes of tensors that transformers reads from
                    SMOLLM2_DIR/model.gguf; the last line is of all tensors in the order of names
"""
import hashlib
import pathlib
import sys

import gguf
import numpy as np
import torch
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import save_file

QUANTS = "Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K".split()
# Where the float16 scales of a block lie.
SCALES = {"Q4_1": (0, 2), "Q5_1": (0, 2), "Q2_K": (80, 82), "Q3_K": (108,),
          "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,)}


def mixed():
    """Element i of each tensor is a simple function of i, so that a test can say what it expects."""
    floats = torch.arange(6, dtype=torch.float64).reshape(2, 3) / 4 - 0.5
    return {
        "b.f32": floats.to(torch.float32),
        "a.f32": -floats.to(torch.float32),
        "f64": floats,
        "f16": floats.to(torch.float16),
        "bf16": floats.to(torch.bfloat16),
        "i64": torch.arange(-2, 3, dtype=torch.int64) * 2**40,
        "i32": torch.arange(-2, 3, dtype=torch.int32),
        "i16": torch.arange(-2, 3, dtype=torch.int16),
        "i8": torch.arange(-2, 3, dtype=torch.int8),
        "u8": torch.arange(251, 256, dtype=torch.int32).to(torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "empty": torch.zeros(0, 4),
        "scalar": torch.tensor(1.5),
        "größe \"x\"\n": torch.tensor([2.5]),
    }


def random_blocks(name, rows, columns, rng):
    """Rows of random blocks whose scales are finite, some of them subnormal or negative."""
    kind = gguf.GGMLQuantizationType[name]
    block, size = gguf.GGML_QUANT_SIZES[kind]
    data = rng.integers(0, 256, (rows * columns // block, size), dtype=np.uint8)
    for at in SCALES.get(name, (0,)):
        scales = rng.integers(0, 2**16, len(data), dtype=np.uint16) & 0xBFFF
        data[:, at:at + 2] = scales.view(np.uint8).reshape(-1, 2)
    return data.reshape(rows, -1), kind


def quants(out, rng):
    writer = gguf.GGUFWriter(out / "quants.gguf", "none")
    expected = {}
    for name in QUANTS:
        data, kind = random_blocks(name, 2, 256, rng)
        writer.add_tensor(name, data, raw_dtype=kind)
        expected[name] = gguf.quants.dequantize(data, kind)
    bf16 = rng.standard_normal((3, 5), dtype=np.float32)
    bits = gguf.quants.quantize(bf16, gguf.GGMLQuantizationType.BF16)
    writer.add_tensor("BF16", bits, raw_dtype=gguf.GGMLQuantizationType.BF16)
    expected["BF16"] = gguf.quants.dequantize(bits, gguf.GGMLQuantizationType.BF16)
    half = rng.standard_normal((3, 5)).astype(np.float16)
    writer.add_tensor("F16", half)
    expected["F16"] = half.astype(np.float32)
    close(writer)
    save_numpy(expected, out / "quants.safetensors")


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def interleave(weight, heads):
    """What the converter of llama.cpp does to query and key rows."""
    return (weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
            .swapaxes(1, 2).reshape(weight.shape))


def tiny_llama(out, rng):
    writer = gguf.GGUFWriter(out / "tiny-llama.gguf", "llama")
    writer.add_block_count(1)
    writer.add_context_length(128)
    writer.add_embedding_length(32)
    writer.add_feed_forward_length(32)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(8)
    writer.add_rope_freq_base(500000.0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_token_list(["<unk>", "<s>", "</s>", "ä", "b", "c", "d", "e"])
    writer.add_token_types([3, 3, 3, 1, 1, 1, 1, 1])
    writer.add_add_bos_token(True)
    writer.add_array("test.numbers", [1.5, -2.5])
    writer.add_float64("test.double", 0.1)
    writer.add_int64("test.negative", -5)
    expected = {}

    def add(name, hugging_face, shape, quant=None, heads=0):
        weight = rng.standard_normal(shape, dtype=np.float32)
        if quant:
            kind = gguf.GGMLQuantizationType[quant]
            weight = gguf.quants.dequantize(gguf.quants.quantize(weight, kind), kind)
        expected[hugging_face] = weight
        stored = interleave(weight, heads) if heads else weight
        if quant:
            writer.add_tensor(name, gguf.quants.quantize(stored, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, stored)

    layer = "model.layers.0."
    add("token_embd.weight", "model.embed_tokens.weight", (8, 32), "Q8_0")
    add("output_norm.weight", "model.norm.weight", (32,))
    add("output.weight", "lm_head.weight", (8, 32), "Q4_0")
    add("blk.0.attn_norm.weight", layer + "input_layernorm.weight", (32,))
    add("blk.0.attn_q.weight", layer + "self_attn.q_proj.weight", (32, 32), "Q8_0", heads=4)
    add("blk.0.attn_k.weight", layer + "self_attn.k_proj.weight", (16, 32), heads=2)
    add("blk.0.attn_k.bias", layer + "self_attn.k_proj.bias", (16,), heads=2)
    add("blk.0.attn_v.weight", layer + "self_attn.v_proj.weight", (16, 32), "Q4_1")
    add("blk.0.attn_output.weight", layer + "self_attn.o_proj.weight", (32, 32), "Q5_0")
    add("blk.0.ffn_norm.weight", layer + "post_attention_layernorm.weight", (32,))
    add("blk.0.ffn_gate.weight", layer + "mlp.gate_proj.weight", (32, 32), "Q5_1")
    add("blk.0.ffn_up.weight", layer + "mlp.up_proj.weight", (32, 32), "Q4_1")
    add("blk.0.ffn_down.weight", layer + "mlp.down_proj.weight", (32, 32), "Q8_0")
    factors = llama3_factors(8, 500000.0, 8.0)
    writer.add_tensor("rope_freqs.weight", factors)
    expected["rope_freqs.weight"] = factors
    close(writer)
    save_numpy(expected, out / "tiny-llama.safetensors")


def llama3_factors(head_dim, theta, factor, low=1.0, high=4.0, original=8192):
    """Divisors of the rotary frequencies in Llama 3.1 (transformers, modeling_rope_utils)."""
    wavelengths = 2 * np.pi * theta ** (np.arange(0, head_dim, 2) / head_dim)
    smooth = np.clip((original / wavelengths - low) / (high - low), 0, 1)
    return (1 / ((1 - smooth) / factor + smooth)).astype(np.float32)


def smollm2(out, folder):
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file="model.gguf", dtype=torch.float32)
    tensors = {name: weight.detach().contiguous().numpy()
               for name, weight in model.state_dict().items() if name != "lm_head.weight"}
    chosen = ("model.embed_tokens.weight", "model.norm.weight", "model.layers.0.mlp.down_proj.weight",
              "model.layers.0.self_attn.q_proj.weight", "model.layers.0.self_attn.k_proj.weight",
              "model.layers.29.self_attn.k_proj.weight")
    everything = hashlib.sha256()
    for name in sorted(tensors):
        everything.update(tensors[name].tobytes())
    lines = [(name, hashlib.sha256(tensors[name].tobytes()).hexdigest()) for name in chosen]
    lines.append((str(len(tensors)), everything.hexdigest()))
    (out / "smollm2.tsv").write_text("".join(f"{name}\t{digest}\n" for name, digest in lines))


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    save_file(mixed(), out / "mixed.safetensors", metadata={"format": "pt"})
    quants(out, rng)
    tiny_llama(out, rng)
    if len(sys.argv) > 2:
        smollm2(out, pathlib.Path(sys.argv[2]))


if __name__ == "__main__":
    main()
