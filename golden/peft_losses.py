#!/usr/bin/env python3
"""Loss of each example as transformers and PEFT compute it, to compare `graft eval` with.

usage: peft_losses.py MODEL_DIR ADAPTER_DIR EXAMPLES.json [--dtype fp32|bf16]
needs: torch, transformers, peft, safetensors

ADAPTER_DIR `-` stands for the base model alone. EXAMPLES.json is a list of {"ids": [...], "learn": [...]}, as
`graft eval --dump-tokens` writes it. Prints a JSON object a line: the mean loss over the example's learnt tokens
(null where none is) and their number; at the end the mean over all learnt tokens.
An adapter of which a tensor is missing, left over or of another shape is refused.
"""
import argparse
import json

import torch

from peer_models import DTYPES, load_model, read_examples, token_losses, with_adapter


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("model")
    parser.add_argument("adapter")
    parser.add_argument("examples")
    parser.add_argument("--dtype", choices=DTYPES, default="fp32")
    args = parser.parse_args()
    model = load_model(args.model, args.dtype)
    if args.adapter != "-":
        model = with_adapter(model, args.adapter)
    total, count = 0.0, 0
    with torch.no_grad():
        for index, example in enumerate(read_examples(args.examples)):
            losses = token_losses(model, example).double()
            learnt = len(losses)
            mean = losses.mean().item() if learnt else None
            print(json.dumps({"example": index, "loss": mean, "learnt_tokens": learnt}))
            total, count = total + losses.sum().item(), count + learnt
    print(json.dumps({"mean_loss": total / count if count else None, "learnt_tokens": count}))


if __name__ == "__main__":
    main()
