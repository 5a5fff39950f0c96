#!/usr/bin/env python3
"""Greedy continuations by transformers, to compare `graft generate` with.

usage: generate_reference.py MODEL_DIR PROMPTS.json [--adapter DIR] [--new 20] [--dtype fp32|bf16] [--stop]
needs: torch, transformers, peft, safetensors

PROMPTS.json is a list; a prompt is a list of token ids, a string (taken as it stands), or a list of chat messages.
Prints a JSON object a line: the prompt's ids, the new ids and their text, and `margin`, the smallest lead that a
chosen id had over the next (logits): where it is near rounding, other ids after that point are no error.
`--stop` ends at the model's end-of-sequence id, else it is an id like others.
"""
import argparse
import json
import pathlib

import torch
from transformers import AutoTokenizer, GenerationConfig

from peer_models import DTYPES, load_model, with_adapter


def prompt_ids(tokenizer, prompt):
    if isinstance(prompt, list) and prompt and isinstance(prompt[0], dict):
        prompt = tokenizer.apply_chat_template(prompt, tokenize=False, add_generation_prompt=True)
    if isinstance(prompt, str):
        return tokenizer(prompt, add_special_tokens=False).input_ids
    return prompt


def continuation(model, ids, options):
    """The new ids and the smallest lead of one of them."""
    given = torch.tensor([ids])
    out = model.generate(input_ids=given, attention_mask=torch.ones_like(given), generation_config=options)
    best = torch.stack([step[0].float().topk(2).values for step in out.logits])
    return out.sequences[0, len(ids):].tolist(), (best[:, 0] - best[:, 1]).min().item()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("model")
    parser.add_argument("prompts", type=pathlib.Path)
    parser.add_argument("--adapter")
    parser.add_argument("--new", type=int, default=20)
    parser.add_argument("--dtype", choices=DTYPES, default="fp32")
    parser.add_argument("--stop", action="store_true")
    args = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(args.model, local_files_only=True)
    model = load_model(args.model, args.dtype)
    stop = model.generation_config.eos_token_id if args.stop else None
    # Options of its own: the model's may sample or penalise, and would be merged in.
    model.generation_config = GenerationConfig()
    if args.adapter:
        model = with_adapter(model, args.adapter)
    options = GenerationConfig(
        do_sample=False, max_new_tokens=args.new, eos_token_id=stop, pad_token_id=0,
        output_logits=True, return_dict_in_generate=True,
    )
    for prompt in json.loads(args.prompts.read_text()):
        ids = prompt_ids(tokenizer, prompt)
        new, margin = continuation(model, ids, options)
        print(json.dumps({"prompt": ids, "new": new, "text": tokenizer.decode(new), "margin": margin}))


if __name__ == "__main__":
    main()
