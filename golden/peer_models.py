"""Models and adapters for the scripts here that compare with PyTorch: loaded strictly, or not at all."""
import json
import pathlib
import sys

import torch
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def load_model(folder, dtype="fp32"):
    """A Hugging Face directory, with plain attention so that float32 means float32."""
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=DTYPES[dtype], attn_implementation="eager", local_files_only=True
    ).eval()


def with_adapter(model, folder, trainable=False):
    """The model with a LoRA adapter; stops where PEFT itself would only warn: at a name or shape that does not fit."""
    config = LoraConfig.from_pretrained(str(folder))
    config.inference_mode = not trainable
    adapted = get_peft_model(model, config)
    stored = load_file(pathlib.Path(folder) / "adapter_model.safetensors")
    wanted = get_peft_model_state_dict(adapted, save_embedding_layers=False)
    faults = [f"{key} is missing" for key in wanted if key not in stored]
    faults += [f"{key} has no place in the model" for key in stored if key not in wanted]
    faults += [
        f"{key} is {list(stored[key].shape)}, the model needs {list(wanted[key].shape)}"
        for key in wanted if key in stored and stored[key].shape != wanted[key].shape
    ]
    if faults:
        sys.exit(f"{folder}: {len(faults)} faults, the first: {faults[0]}")
    set_peft_model_state_dict(adapted, stored)
    return adapted


def read_examples(file):
    """Examples {"ids": [...], "learn": [...]}; a list of batches of them is taken as one list."""
    rows = json.loads(pathlib.Path(file).read_text())
    return [example for row in rows for example in (row if isinstance(row, list) else [row])]


def token_losses(model, example):
    """Losses of an example's learnt tokens; learn[t] says whether token t is to be predicted (never the first)."""
    ids, learn = torch.tensor([example["ids"]]), torch.tensor(example["learn"][1:], dtype=torch.bool)
    logits = model(input_ids=ids).logits[0, :-1].float()
    return torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none")[learn]
