"""Trains byte-level BPE tokenizers with Hugging Face's tokenizers, for Graft's own trainer to equal.

Reads graft-core/src/test/resources/bpe/corpus.txt, documents between lines <|endoftext|>, and writes beside it
  gpt2.json    GPT-2's words, 900 tokens, pairs that occur twice or more
  digits.json  each digit alone besides, 700 tokens
  all.json     GPT-2's words, merging until no pair is left

    python golden/make_bpe.py                          # these
    python golden/make_bpe.py CORPUS SPLIT SIZE OUT    # one of a corpus of your own
"""

import pathlib
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "graft-core/src/test/resources/bpe"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def documents(path: pathlib.Path) -> list[str]:
    """The texts between separator lines, without the line end before a separator."""
    found, lines = [], []
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            if line == "<|endoftext|>\n":
                found.append("".join(lines).removesuffix("\n"))
                lines = []
            else:
                lines.append(line)
    return found + ["".join(lines).removesuffix("\n")]


def train(texts: list[str], split: str, size: int, least: int) -> Tokenizer:
    tok = Tokenizer(models.BPE())
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    if split == "digits":
        words = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), words])
    tok.pre_tokenizer = words
    tok.decoder = decoders.ByteLevel(add_prefix_space=False)
    tok.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=size,
            min_frequency=least,
            special_tokens=SPECIAL,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return tok


def main() -> None:
    if len(sys.argv) == 5:
        corpus, split, size, out = sys.argv[1:]
        train(documents(pathlib.Path(corpus)), split, int(size), 2).save(out)
        return
    texts = documents(OUT / "corpus.txt")
    for name, split, size, least in [("gpt2", "gpt2", 900, 2), ("digits", "digits", 700, 2), ("all", "gpt2", 100000, 0)]:
        train(texts, split, size, least).save(str(OUT / f"{name}.json"))


if __name__ == "__main__":
    main()
