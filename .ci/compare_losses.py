"""Compares losses per example: compare_losses.py GRAFT.jsonl PEFT.jsonl fp32|bf16

Differences are relative, or absolute for losses below one. In float32 each example must agree within 1e-4. In bfloat16
the two round in different places: on SmolLM2 either is about 0.03 (root mean square) and up to 0.09 from its own float32
loss, in both directions, so each example must agree within 5e-2 and the mean over all tokens within 1e-2.
"""
import json
import sys


def rows(path):
    return [json.loads(line) for line in open(path)]


graft = [(row["loss"], row["tokens"]) for row in rows(sys.argv[1])]
peft = [(row["loss"], row["learnt_tokens"]) for row in rows(sys.argv[2]) if "example" in row]
allowed, allowed_mean = {"fp32": (1e-4, 1e-4), "bf16": (5e-2, 1e-2)}[sys.argv[3]]
if len(graft) != len(peft) or not graft:
    sys.exit(f"{len(graft)} examples here, {len(peft)} in PEFT")
worst = max(abs(a - b) / max(1, abs(b)) for (a, _), (b, _) in zip(graft, peft))
total = [sum(loss * count for loss, count in side) / sum(count for _, count in side) for side in (graft, peft)]
print(f"ci: {sys.argv[3]}: mean {total[0]:.6f} here, {total[1]:.6f} in PEFT; worst example {worst:.2e} apart")
if any(a[1] != b[1] for a, b in zip(graft, peft)):
    sys.exit("the learnt tokens are counted differently")
if worst > allowed:
    sys.exit(f"losses differ by {worst:.2e}, {allowed:g} is allowed")
if abs(total[0] - total[1]) > allowed_mean * max(1, total[1]):
    sys.exit(f"the means differ by more than {allowed_mean:g}")
