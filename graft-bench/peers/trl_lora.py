#!/usr/bin/env python3
"""Trains a LoRA adapter with TRL and PEFT on the processor: a side of `bench train`.

usage: trl_lora.py MODEL_DIR ROWS.jsonl OUT_DIR [options]
needs: torch, transformers, peft, trl, datasets (and psutil, which they bring)

Rows are {"messages": [...]}, or {"prompt": ..., "completion": ...}; they are taken in the order of the file, and only the
last message is learnt. OUT_DIR gets metrics.jsonl (a row a step: step, tokens, trained_tokens, seconds, loss; tokens are
real ones, without padding) and summary.json (seconds_to_first_step from the start of the process, peak_rss_bytes,
versions).
"""
import argparse
import json
import os
import pathlib
import resource
import sys
import time

parser = argparse.ArgumentParser(usage=__doc__)
parser.add_argument("model")
parser.add_argument("rows")
parser.add_argument("output", type=pathlib.Path)
parser.add_argument("--steps", type=int, default=12)
parser.add_argument("--batch-size", type=int, default=8)
parser.add_argument("--max-length", type=int, default=512)
parser.add_argument("--rank", type=int, default=16)
parser.add_argument("--alpha", type=int, default=32)
parser.add_argument("--learning-rate", type=float, default=2e-4)
parser.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
parser.add_argument("--seed", type=int, default=42)
parser.add_argument("--threads", type=int, default=os.cpu_count())
args = parser.parse_args()

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import datasets
import peft
import psutil
import torch
import transformers
import trl

torch.set_num_threads(args.threads)
datasets.disable_progress_bars()


class Counting:
    """The trainer's collator, which counts the tokens of the batches that pass through it."""

    def __init__(self, collator):
        self.collator = collator
        self.counts = []

    def __call__(self, rows):
        batch = self.collator(rows)
        mask = batch.get("attention_mask")
        tokens = int(mask.sum()) if mask is not None else batch["input_ids"].numel()
        self.counts.append((tokens, int((batch["labels"] != -100).sum())))
        return batch


class Timing(transformers.TrainerCallback):
    """Seconds of every optimizer step, and when the first one ended."""

    def __init__(self):
        self.seconds = []
        self.first = None

    def on_step_begin(self, *_, **__):
        self.began = time.perf_counter()

    def on_step_end(self, *_, **__):
        self.seconds.append(time.perf_counter() - self.began)
        if self.first is None:
            self.first = process_age()


def process_age():
    """Seconds since the start of this process; psutil's is up to a second off on Linux, which tells the machine's
    start in whole seconds."""
    try:
        uptime = float(pathlib.Path("/proc/uptime").read_text().split()[0])
        start = int(pathlib.Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        return uptime - start / os.sysconf("SC_CLK_TCK")
    except OSError:
        return time.time() - psutil.Process().create_time()


def split(row):
    """The conversation before the last message, and that message."""
    if "messages" in row:
        return {"prompt": row["messages"][:-1], "completion": row["messages"][-1:]}
    return {"prompt": row["prompt"], "completion": row["completion"]}


rows = datasets.Dataset.from_list([split(json.loads(line)) for line in open(args.rows, encoding="utf-8")])
model = transformers.AutoModelForCausalLM.from_pretrained(
    args.model, dtype=torch.bfloat16 if args.precision == "bf16" else torch.float32
)
timing = Timing()
trainer = trl.SFTTrainer(
    model=model,
    args=trl.SFTConfig(
        output_dir=str(args.output / "trainer"),
        max_steps=args.steps,
        per_device_train_batch_size=args.batch_size,
        learning_rate=args.learning_rate,
        lr_scheduler_type="constant",
        train_sampling_strategy="sequential",
        max_length=args.max_length,
        completion_only_loss=True,
        gradient_checkpointing=False,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        disable_tqdm=True,
        dataloader_pin_memory=False,
        seed=args.seed,
    ),
    train_dataset=rows,
    processing_class=transformers.AutoTokenizer.from_pretrained(args.model),
    peft_config=peft.LoraConfig(
        r=args.rank, lora_alpha=args.alpha, target_modules="all-linear", task_type="CAUSAL_LM"
    ),
    callbacks=[timing],
)
trainer.data_collator = counting = Counting(trainer.data_collator)
trainer.train()

losses = [row["loss"] for row in trainer.state.log_history if "loss" in row]
args.output.mkdir(parents=True, exist_ok=True)
with open(args.output / "metrics.jsonl", "w", encoding="utf-8") as metrics:
    for i, (seconds, loss) in enumerate(zip(timing.seconds, losses, strict=True)):
        tokens, trained = counting.counts[i]
        row = {"step": i + 1, "tokens": tokens, "trained_tokens": trained, "seconds": seconds, "loss": loss}
        metrics.write(json.dumps(row) + "\n")
summary = {
    "seconds_to_first_step": timing.first,
    "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "adapter_dtype": str(next(p.dtype for p in trainer.model.parameters() if p.requires_grad)),
    "python_version": ".".join(map(str, sys.version_info[:3])),
}
for library in (torch, transformers, peft, trl):
    summary[library.__name__ + "_version"] = library.__version__
(args.output / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
