#!/usr/bin/env python3
"""Writes what PEFT and PyTorch compute in ten optimizer steps.

usage: make_training.py        needs: torch, transformers, peft, safetensors, and models/ (make_models.py)

training/NAME/: batches.json (token ids and learnt tokens of each example, by step), facts.json
(losses, gradient norms before clipping, learning rates), initial/ and final/ adapters, or for full
fine-tuning final.safetensors.
"""
import json
import os
import pathlib
import shutil

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

HERE = pathlib.Path(__file__).resolve().parent
STEPS, WARMUP, CLIP = 10, 2, 1.0


def load(name):
    """The tiny model of that name in float32, by its path relative to golden/."""
    return AutoModelForCausalLM.from_pretrained(
        f"models/{name}", dtype=torch.float32, attn_implementation="eager"
    )


def save_adapter(model, folder):
    """The adapter as PEFT writes it, but target modules in order (PEFT holds a set) and no model card."""
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    file = folder / "adapter_config.json"
    config = json.loads(file.read_text())
    if isinstance(config["target_modules"], list):
        config["target_modules"].sort()
    file.write_text(json.dumps(config, indent=2, sort_keys=True))


def make_batches():
    """Ten batches of three examples of 5 to 20 tokens; an example's last tokens are learnt."""
    torch.manual_seed(11)
    batches = []
    for _ in range(STEPS):
        batch = []
        for _ in range(3):
            length = int(torch.randint(5, 21, ()))
            first = int(torch.randint(1, length, ()))
            ids = torch.randint(3, 320, (length,)).tolist()
            batch.append({"ids": ids, "learn": [n >= first for n in range(length)]})
        batches.append(batch)
    return batches


def batch_loss(model, batch):
    """Sum of the learnt tokens' losses over the batch, divided by their number."""
    total, count = 0.0, 0
    for example in batch:
        ids = torch.tensor([example["ids"]])
        learn = torch.tensor(example["learn"][1:])
        logits = model(input_ids=ids).logits[0, :-1]
        losses = torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none")
        total, count = total + losses[learn].sum(), count + int(learn.sum())
    return total / count


def rate(step, peak):
    """Linear warm-up that ends after WARMUP steps, then linear to zero; steps count from one."""
    done = step - 1
    if done < WARMUP:
        return peak * (done + 1) / (WARMUP + 1)
    return peak * (1 - (done - WARMUP) / (STEPS - WARMUP))


def train(model, batches, groups, peak):
    """One step of AdamW for each batch; returns what was seen in them."""
    optimizer = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.999), eps=1e-8)
    weights = [w for group in groups for w in group["params"]]
    facts = {"losses": [], "grad_norms": [], "learning_rates": [], "peak": peak, "warmup": WARMUP}
    for step, batch in enumerate(batches, 1):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, peak)
        optimizer.zero_grad()
        loss = batch_loss(model, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(weights, CLIP)
        optimizer.step()
        facts["losses"].append(loss.item())
        facts["grad_norms"].append(norm.item())
        facts["learning_rates"].append(rate(step, peak))
    return facts


def lora_run(name, base, config):
    """LoRA from PEFT's own initial values; weight decay on all adapter weights."""
    folder = HERE / "training" / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(21)
    model = get_peft_model(load(base), config)
    save_adapter(model, folder / "initial")
    batches = make_batches()
    trained = [w for w in model.parameters() if w.requires_grad]
    facts = train(model, batches, [{"params": trained, "weight_decay": 0.01}], 1e-2)
    save_adapter(model, folder / "final")
    write(folder, base, batches, facts)


def full_run(name, base):
    """All weights; weight decay on matrices, the embedding among them, not on norms and biases."""
    folder = HERE / "training" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model = load(base)
    decayed = [w for w in model.parameters() if w.dim() >= 2]
    spared = [w for w in model.parameters() if w.dim() < 2]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": spared, "weight_decay": 0.0}]
    batches = make_batches()
    facts = train(model, batches, groups, 1e-3)
    save_file({n: w.detach().clone() for n, w in model.named_parameters()}, folder / "final.safetensors")
    write(folder, base, batches, facts)


def write(folder, base, batches, facts):
    facts["base"] = base
    (folder / "facts.json").write_text(json.dumps(facts, indent=1))
    (folder / "batches.json").write_text(json.dumps(batches))


def main():
    os.chdir(HERE)  # so that adapters name their base model by a relative path
    torch.set_num_threads(1)
    everything = dict(target_modules="all-linear", lora_dropout=0.0, task_type="CAUSAL_LM")
    lora_run("lora-llama", "llama-tied", LoraConfig(r=4, lora_alpha=8, **everything))
    lora_run("lora-qwen2", "qwen2", LoraConfig(r=4, lora_alpha=8, **everything))
    lora_run(
        "rslora-patterns", "llama-tied",
        LoraConfig(
            r=4, lora_alpha=8, use_rslora=True, target_modules=["q_proj", "v_proj", "down_proj"],
            rank_pattern={"down_proj": 2}, alpha_pattern={"q_proj": 16}, lora_dropout=0.0, task_type="CAUSAL_LM",
        ),
    )
    full_run("full-llama", "llama-tied")
    full_run("full-qwen2", "qwen2")


if __name__ == "__main__":
    main()
