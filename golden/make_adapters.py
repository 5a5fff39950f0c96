#!/usr/bin/env python3
"""Writes adapters for models/llama-tied as PEFT stores them, and broken ones that must be refused.

usage: make_adapters.py        needs: torch, transformers, peft, safetensors, and models/ (make_models.py)

adapters/NAME/: an adapter with logits.safetensors, the logits it gives for the model's first sequence.
adapters/broken/NAME/: an adapter with one fault, which its name tells.
"""
import json
import os
import pathlib
import shutil

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM

from make_training import load, save_adapter

HERE = pathlib.Path(__file__).resolve().parent / "adapters"
QUERY = dict(r=4, lora_alpha=8, target_modules=["q_proj"])
FIRST = "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"
SOUND = {
    "plain": dict(r=4, lora_alpha=8, target_modules="all-linear"),
    "rslora": dict(r=4, lora_alpha=8, use_rslora=True, target_modules="all-linear"),
    "patterns": dict(
        r=4, lora_alpha=8, target_modules=["q_proj", "k_proj", "up_proj"],
        rank_pattern={"layers.0.self_attn.q_proj": 8, "up_proj": 2}, alpha_pattern={"k_proj": 3},
    ),
    "regex": dict(r=4, lora_alpha=8, target_modules=r".*layers\.1\..*(o_proj|down_proj)"),
    "bf16": QUERY,
    "modules": QUERY,
    "dora": dict(QUERY, use_dora=True),
}


def adapted(base, options, dtype=torch.float32):
    """The base model with an adapter whose A and B are both random."""
    torch.manual_seed(31)
    model = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", **options))
    for key, weight in model.named_parameters():
        if "lora_A" in key or "lora_B" in key:
            weight.data = (0.2 * torch.randn_like(weight)).to(dtype)
    return model


def sound(name, options):
    """An adapter with its logits, computed in float32 from the stored values."""
    folder = HERE / name
    model = adapted(load("llama-tied"), options, torch.bfloat16 if name == "bf16" else torch.float32)
    save_adapter(model, folder)
    for key, weight in model.named_parameters():
        if "lora_" in key:
            weight.data = weight.data.float()
    ids = load_file("models/llama-tied/golden.safetensors")["ids.0"]
    with torch.no_grad():
        save_file({"logits.0": model(input_ids=ids[None]).logits[0].clone()}, folder / "logits.safetensors")


def broken(name, change):
    """A copy of the adapter `modules` whose tensors and configuration went through `change`."""
    folder = HERE / "broken" / name
    folder.mkdir(parents=True)
    tensors = load_file(HERE / "modules/adapter_model.safetensors")
    config = json.loads((HERE / "modules/adapter_config.json").read_text())
    tensors = change(tensors, config) or tensors
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True))


FAULTS = {
    "missing-tensor": lambda tensors, _: {k: w for k, w in tensors.items() if k != FIRST},
    "extra-tensor": lambda tensors, _: {**tensors, FIRST.replace("q_proj", "k_proj"): torch.ones(32, 4)},
    "wrong-shape": lambda tensors, _: {**tensors, FIRST: torch.ones(4, 64)},
    "zero-b": lambda tensors, _: {k: w * 0 if "lora_B" in k else w for k, w in tensors.items()},
    "not-finite": lambda tensors, _: {**tensors, FIRST: tensors[FIRST] * torch.nan},
    "other-names": lambda tensors, _: {k.replace("q_proj", "query"): w for k, w in tensors.items()},
    "dora-without-magnitudes": lambda _, config: config.update(use_dora=True),
}


def other_base():
    """An adapter that PEFT made for a model of another width."""
    config = LlamaConfig(
        vocab_size=320, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2,
    )
    save_adapter(adapted(LlamaForCausalLM(config), QUERY), HERE / "broken/other-base")


def main():
    os.chdir(HERE.parent)  # so that adapters name their base model by a relative path
    torch.set_num_threads(1)
    shutil.rmtree(HERE, ignore_errors=True)
    for name, options in SOUND.items():
        sound(name, options)
    for name, change in FAULTS.items():
        broken(name, change)
    other_base()


if __name__ == "__main__":
    main()
