#!/usr/bin/env python3
"""Makes the small weight files that the tests of dev.graft.format read.

usage: weight_files.py OUT_DIR      needs: torch, safetensors

mixed.safetensors   tensors of all types that are read, as the reference library writes them
"""
import pathlib
import sys

import torch
from safetensors.torch import save_file


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


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    save_file(mixed(), out / "mixed.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
