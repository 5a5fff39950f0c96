#!/usr/bin/env python3
"""Writes tiny random models of every family with what transformers computes from them.

usage: make_models.py        needs: torch, transformers, tokenizers, safetensors

models/NAME/ is a Hugging Face directory in float32, with golden.safetensors (token ids, logits,
gradients of the mean next-token loss of the first sequence) and golden.json (losses, greedy ids).
"""
import copy
import json
import pathlib

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

HERE = pathlib.Path(__file__).resolve().parent / "models"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content']"
    " + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SENTENCES = [
    "A small library that reads and writes archive files.",
    "Tools for the analysis of sound, pictures and text.",
    "The quick brown fox jumps over the lazy dog; 0123456789.",
    "user assistant system: summarise this package in one line.",
]
SMALL = dict(
    vocab_size=320, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=128, initializer_range=0.1, rms_norm_eps=1e-5,
    bos_token_id=1, eos_token_id=2, pad_token_id=0,
)
# Narrow, to keep the files small; the heads together are then wider than the hidden state.
NARROW = dict(SMALL, hidden_size=32, head_dim=16, initializer_range=0.15)
# Wavelengths are 6.3, 13.7, 29.7, 64.6 … tokens: the first is below 32/4 and kept, those above 32/1
# are stretched, and the two between are blended.
LLAMA3 = dict(
    rope_type="llama3", rope_theta=500.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
    original_max_position_embeddings=32,
)
CONFIGS = {
    "llama-tied": LlamaConfig(**SMALL, tie_word_embeddings=True),
    "llama-untied": LlamaConfig(**SMALL, tie_word_embeddings=False, head_dim=24),
    "llama3-rope": LlamaConfig(**NARROW, tie_word_embeddings=True, rope_parameters=LLAMA3),
    "mistral": MistralConfig(**NARROW, tie_word_embeddings=False, sliding_window=8),
    "qwen2": Qwen2Config(**SMALL, tie_word_embeddings=True),
    "qwen3": Qwen3Config(**NARROW, tie_word_embeddings=True),
}
SEEDS = {"llama-tied": 100, "llama-untied": 101, "llama3-rope": 102, "mistral": 103, "qwen2": 104, "qwen3": 106}
LENGTHS = {"llama3-rope": (40, 17)}  # the first longer than the original context


def tokenizer():
    """A byte-level BPE tokenizer of 320 ids, trained on a few sentences."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    made.train_from_iterator(SENTENCES * 4, trainer)
    return made


def randomise(model):
    """Norms around one and biases away from zero, so that leaving one out shows."""
    for name, weight in model.named_parameters():
        if "norm" in name:
            weight.data = 1 + 0.2 * torch.randn_like(weight)
        elif name.endswith("bias"):
            weight.data = 0.2 * torch.randn_like(weight)


def save(model, folder):
    model.save_pretrained(folder)
    tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(CHATML)
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"eos_token": "<|im_end|>", "bos_token": "<|im_start|>", "pad_token": "<|endoftext|>"}, indent=1)
    )


def load(folder):
    """The stored model in float32. A model cast down and up again would keep rounded rotary frequencies."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def reference(model, folder, gradients):
    """Logits and losses of two sequences, gradients of the first one's loss, greedy ids."""
    torch.manual_seed(7)
    tensors, facts = {}, {"losses": []}
    for index, length in enumerate(LENGTHS.get(folder.name, (24, 17))):
        ids = torch.randint(3, SMALL["vocab_size"], (1, length))
        model.zero_grad()
        out = model(input_ids=ids, labels=ids)
        tensors[f"ids.{index}"] = ids[0].clone()
        tensors[f"logits.{index}"] = out.logits[0].detach().float().clone()
        facts["losses"].append(out.loss.item())
        if gradients and index == 0:
            out.loss.backward()
            for name, weight in model.named_parameters():
                tensors[f"gradient.{name}"] = weight.grad.clone()
    facts["prompt"] = tensors["ids.1"][:6].tolist()
    facts["greedy"] = greedy(model, facts["prompt"])
    save_file(tensors, folder / "golden.safetensors")
    (folder / "golden.json").write_text(json.dumps(facts, indent=1))


def greedy(model, prompt):
    """20 new ids, each the most likely; it stops for no id, and no choice is so close that rounding decides it."""
    ids = list(prompt)
    with torch.no_grad():
        for _ in range(20):
            best = model(input_ids=torch.tensor([ids])).logits[0, -1].topk(2)
            assert best.values[0] - best.values[1] > 1e-3, "two ids are too close: take another seed"
            ids.append(best.indices[0].item())
    return ids[len(prompt):]


def older_config(folder):
    """The same configuration with the keys that transformers wrote before version 5."""
    config = json.loads((folder / "config.json").read_text())
    parameters = config.pop("rope_parameters")
    config["rope_theta"] = parameters.pop("rope_theta")
    config["rope_scaling"] = parameters
    (folder / "config-v4.json").write_text(json.dumps(config, indent=2))


def main():
    torch.set_num_threads(1)
    for name, config in CONFIGS.items():
        torch.manual_seed(SEEDS[name])
        config._attn_implementation = "eager"
        model = AutoModelForCausalLM.from_config(copy.deepcopy(config), attn_implementation="eager").float().eval()
        randomise(model)
        save(model, HERE / name)
        reference(model, HERE / name, gradients=True)
        if name == "llama3-rope":
            older_config(HERE / name)
        if name == "llama-tied":
            model.save_pretrained(HERE / "llama-sharded", max_shard_size="200KB")
            reference(model, HERE / "llama-sharded", gradients=False)
        if name == "llama-untied":
            for suffix, dtype in (("bf16", torch.bfloat16), ("f16", torch.float16)):
                folder = HERE / f"llama-{suffix}"
                copy.deepcopy(model).to(dtype).save_pretrained(folder)
                reference(load(folder), folder, gradients=False)


if __name__ == "__main__":
    main()
