"""Trains two tiny tokenizers and writes what they make of varied texts.

Writes to graft-core/src/test/resources/tokenizers:
  bytelevel.json   byte-level BPE in the manner of GPT-2, SmolLM2 and Llama 3
  spm.json         SentencePiece-like BPE with byte fallback, in the manner of Llama 2 and Mistral
  spm-gguf.json    the second as GGUF metadata, with ids by SentencePiece's own rule
  *.cases.json     texts with ids, offsets (code points), ids with special tokens, decoded texts
and, where the shared model is there, smollm2.cases.json for its tokenizer.

    python golden/make_tokenizers.py
"""

import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "graft-core/src/test/resources/tokenizers"
SHARED = ROOT.parent / "shared/models/smollm2-135m-instruct/tokenizer.json"

CORPUS = [
    "The quick brown fox jumps over the lazy dog, and the dog sleeps on.",
    "Adapters change a small part of the weights; the rest stays as it was.",
    "def add(a, b):\n    return a + b\n\nfor i in range(10):\n    print(add(i, 1))\n",
    "Der schnelle braune Fuchs springt über den faulen Hund; größer, schöner, äußerst.",
    "In 1998 there were 3,141 of them, 2.71828 each, 50% off.",
    "It's what we've got, and they're fine; I'll go, you'd stay.",
    "naïve café, Ελληνικά, русский текст, 日本語の文章。",
] * 4

TEXTS = [
    "",
    " ",
    "Hello world",
    " leading and trailing ",
    "two  spaces   three    four",
    "tabs\tand\nnew lines\r\n\r\n  indented",
    "def f(x):\n        return x ** 2  # twice\n",
    "12345 67 8.9e-10 1,000,000",
    "Straße, größer, Übermut",
    "emoji 😀 and 👩‍👩‍👧‍👦 and 🇩🇪 end",
    "café cafe\u0301 ﬁ Å",
    "日本語とрусский",
    "it's we've THEY'RE I'll",
    "<|im_start|>user\nHi<|im_end|>\n",
    "<s>[INST] Hi [/INST]</s>",
    "a<|im_end|><|im_end|> b",
    "nul \u0000 and \ufffd replacement",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "x" * 70,
    "\u00a0non\u2009breaking\u3000space",
    "▁lower ▁ one eighth",
]

PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_level() -> Tokenizer:
    tok = Tokenizer(models.BPE())
    tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tok.decoder = decoders.ByteLevel()
    tok.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=420,
            special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    bos = tok.token_to_id("<|endoftext|>")
    tok.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single="<|endoftext|> $A",
                pair="<|endoftext|> $A <|endoftext|> $B",
                special_tokens=[("<|endoftext|>", bos)],
            ),
        ]
    )
    tok.add_tokens([AddedToken("<plain>", special=False)])
    tok.enable_truncation(8)
    tok.enable_padding(length=32)
    return tok


def sentencepiece() -> Tokenizer:
    tok = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tok.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    latin = [line for line in CORPUS if line.isascii() or "ü" in line]
    tok.pre_tokenizer = pre_tokenizers.Split(Regex("(?=▁)"), behavior="isolated")  # for training only
    tok.train_from_iterator(
        latin, trainers.BpeTrainer(vocab_size=480, special_tokens=special, show_progress=False)
    )
    data = json.loads(tok.to_str())
    data["pre_tokenizer"] = None
    data["added_tokens"] = [t for t in data["added_tokens"] if not t["content"].startswith("<0x")]
    data["model"]["byte_fallback"] = True
    tok = Tokenizer.from_str(json.dumps(data))
    tok.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tok.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", tok.token_to_id("<s>"))]
    )
    return tok


def cases(tok: Tokenizer) -> list[dict]:
    tok.no_truncation()
    tok.no_padding()
    found = []
    for text in TEXTS:
        enc = tok.encode(text, add_special_tokens=False)
        full = tok.encode(text, add_special_tokens=True)
        found.append(
            {
                "text": text,
                "ids": enc.ids,
                "offsets": [list(o) for o in enc.offsets],
                "full_ids": full.ids,
                "full_offsets": [list(o) for o in full.offsets],
                "decoded": tok.decode(full.ids, skip_special_tokens=True),
                "decoded_with_special": tok.decode(full.ids, skip_special_tokens=False),
            }
        )
    return found


def spm_ids(text: str, scores: dict[str, float], ids: dict[str, int]) -> list[int]:
    """SentencePiece's BPE: join the neighbours of the best joined score, the leftmost of equals."""
    parts = list("▁" + text.replace(" ", "▁")) if text else []
    while True:
        joined = [(-scores[a + b], i) for i, (a, b) in enumerate(zip(parts, parts[1:])) if a + b in scores]
        if not joined:
            break
        i = min(joined)[1]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
    return [
        i
        for part in parts
        for i in ([ids[part]] if part in scores else [ids[f"<0x{b:02X}>"] for b in part.encode()])
    ]


def spm_as_gguf(tok: Tokenizer) -> dict:
    vocab = sorted(tok.get_vocab(), key=tok.get_vocab().get)
    kinds = [2 if t == "<unk>" else 3 if t in ("<s>", "</s>") else 6 if t.startswith("<0x") else 1 for t in vocab]
    # As in Llama 2: the longer ago a token was learned, the higher its score; letters come last.
    learned = [i for i, t in enumerate(vocab) if kinds[i] == 1 and len(t) > 1]
    order = {i: -float(rank) for rank, i in enumerate(learned)}
    scores = [order.get(i, -float(len(learned) + i) if kinds[i] == 1 else 0.0) for i in range(len(vocab))]
    by_token = {t: s for t, s, k in zip(vocab, scores, kinds) if k == 1}
    ids = {t: i for i, t in enumerate(vocab)}
    prefix = "tokenizer.ggml."
    return {
        "metadata": {
            prefix + "model": "llama",
            prefix + "tokens": vocab,
            prefix + "scores": scores,
            prefix + "token_type": kinds,
            prefix + "bos_token_id": ids["<s>"],
            prefix + "eos_token_id": ids["</s>"],
            prefix + "unknown_token_id": ids["<unk>"],
        },
        "cases": [
            {"text": text, "ids": spm_ids(text, by_token, ids)}
            for text in TEXTS + CORPUS[:7]
            if "<s>" not in text
        ],
    }


def write(name: str, data: object) -> None:
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    (OUT / name).write_text(text + "\n", encoding="utf-8")


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for name, tok in (("bytelevel", byte_level()), ("spm", sentencepiece())):
        write(f"{name}.json", json.loads(tok.to_str()))
        write(f"{name}.cases.json", cases(tok))
    write("spm-gguf.json", spm_as_gguf(sentencepiece()))
    if SHARED.exists():
        write("smollm2.cases.json", cases(Tokenizer.from_file(str(SHARED))))


if __name__ == "__main__":
    main()
