#!/usr/bin/env python3
"""Steps of LoRA training by PEFT on a real model, from an adapter and batches that Graft can start from too.

usage: parity_lora.py prepare MODEL_DIR DATA.jsonl RUN_DIR [--batch 3] [--max-length 256]
       parity_lora.py run MODEL_DIR RUN_DIR [--lr 1e-3] [--dtype fp32|bf16]
needs: torch, transformers, peft, safetensors

`prepare` writes RUN_DIR/initial (an adapter of rank 4 on all linear layers, B zero) and RUN_DIR/batches.json
(ten batches of chat examples; the last message is learnt). `run` takes the ten steps of make_training.py with
them, prints losses, gradient norms and learning rates as JSON, and writes RUN_DIR/final.
"""
import argparse
import itertools
import json
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer

from make_training import STEPS, save_adapter, train
from peer_models import DTYPES, load_model, with_adapter


def tokens(tokenizer, messages, max_length):
    """Ids of a chat and which of them are its last message's; an example too long is cut at its end."""
    prompt = tokenizer.apply_chat_template(messages[:-1], tokenize=False, add_generation_prompt=True)
    text = tokenizer.apply_chat_template(messages, tokenize=False)
    assert text.startswith(prompt), "the template's prompt is no prefix of the chat"
    before = tokenizer(prompt, add_special_tokens=False).input_ids
    after = tokenizer(text[len(prompt):], add_special_tokens=False).input_ids
    learn = [False] * len(before) + [True] * len(after)
    return {"ids": (before + after)[:max_length], "learn": learn[:max_length]}


def prepare(args):
    tokenizer = AutoTokenizer.from_pretrained(args.model, local_files_only=True)
    with open(args.data) as lines:
        examples = (tokens(tokenizer, json.loads(line)["messages"], args.max_length) for line in lines)
        fitting = (example for example in examples if any(example["learn"]))
        taken = list(itertools.islice(fitting, STEPS * args.batch))
    assert len(taken) == STEPS * args.batch, "too few examples"
    args.run.mkdir(parents=True, exist_ok=True)
    batches = [taken[n:n + args.batch] for n in range(0, len(taken), args.batch)]
    (args.run / "batches.json").write_text(json.dumps(batches))
    torch.manual_seed(21)
    options = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", lora_dropout=0.0, task_type="CAUSAL_LM")
    save_adapter(get_peft_model(load_model(args.model), options), args.run / "initial")


def run(args):
    model = with_adapter(load_model(args.model, args.dtype), args.run / "initial", trainable=True)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    batches = json.loads((args.run / "batches.json").read_text())
    facts = train(model, batches, [{"params": trained, "weight_decay": 0.01}], args.lr)
    save_adapter(model, args.run / "final")
    print(json.dumps(facts))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    verbs = parser.add_subparsers(required=True)
    first = verbs.add_parser("prepare")
    first.add_argument("model")
    first.add_argument("data")
    first.add_argument("run", type=pathlib.Path)
    first.add_argument("--batch", type=int, default=3)
    first.add_argument("--max-length", type=int, default=256)
    first.set_defaults(action=prepare)
    second = verbs.add_parser("run")
    second.add_argument("model")
    second.add_argument("run", type=pathlib.Path)
    second.add_argument("--lr", type=float, default=1e-3)
    second.add_argument("--dtype", choices=DTYPES, default="fp32")
    second.set_defaults(action=run)
    args = parser.parse_args()
    args.action(args)


if __name__ == "__main__":
    main()
