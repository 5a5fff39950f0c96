"""Writes golden/rouge.json: ROUGE-L of pairs of texts, as Google's rouge_score computes it.

Python 3.11 with rouge_score 0.1.2 (nltk 3.10.4, numpy 2.4.6, absl-py 2.5.1) and regex 2026.11.19:

    python golden/make_rouge.py

"plain" is by rouge_score's own tokens, [a-z0-9]+. "scripts" is by tokens of all scripts (see TOKEN), written down here
a second time by another way than Graft's, and with the tokens themselves.
"""

import json
import pathlib
import random
import unicodedata

import regex
from rouge_score import rouge_scorer

OUT = pathlib.Path(__file__).resolve().parent / "rouge.json"
SIGN = (
    r"[\p{Ideographic}ー[[\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&\p{L}]]"
)
TOKEN = regex.compile(rf"{SIGN}\p{{M}}*|(?:(?!{SIGN})[\p{{L}}\p{{Nd}}])(?:(?!{SIGN})[\p{{L}}\p{{Nd}}\p{{M}}])*", regex.V1)


class ScriptsTokenizer:
    def tokenize(self, text: str) -> list[str]:
        return TOKEN.findall(unicodedata.normalize("NFC", text).lower())


PLAIN = [
    ("", ""),
    ("", "some words"),
    ("some words", ""),
    ("...", "?!"),
    ("- - -", "a - b"),
    ("   \n\t ", "word"),
    ("the cat sat on the mat", "the cat sat on the mat"),
    ("the cat sat on the mat", "The Cat, sat on the MAT!"),
    ("the cat was found under the bed", "the cat was under the bed"),
    ("police killed the gunman", "the gunman kill police"),
    ("a", "a"),
    ("a", "b"),
    ("a a a a", "a"),
    ("a", "a a a a"),
    ("a b a b a b", "b a b a"),
    ("the the the", "the cat the"),
    ("x y z", "z y x"),
    ("don't stop", "don t stop"),
    ("e-mail user_name@example.org", "email user name at example org"),
    ("3.14 and 2,000", "3 14 and 2 000"),
    ("version 1.2.3-rc1", "version 1.2.3"),
    ("snake_case camelCase", "snake case camelcase"),
    ("one two three four five six seven", "one three five seven"),
    ("{\"id\": 7, \"ok\": true}", "{\"ok\": true, \"id\": 7}"),
    ("line one\nline two\r\nline three", "line one line three"),
    ("tab\tseparated\tvalues", "tab separated values"),
    ("UPPER lower MiXeD", "upper LOWER mixed"),
    ("a1 b2 c3", "a 1 b 2 c 3"),
    ("\x00zero\x00byte\x7f", "zero byte"),
    ("<b>bold</b> &amp; more", "bold & more"),
]
SCRIPTS = [
    ("Grüße aus Köln", "grüße aus köln"),
    ("cafe\u0301 au lait", "café au lait"),
    ("naïve résumé", "naive resume"),
    ("ΟΔΟΣ ΣΟΦΙΑΣ", "οδος σοφιας"),
    ("Привет, мир!", "привет дорогой мир"),
    ("İstanbul Irmak", "i̇stanbul irmak"),
    ("今日は天気がいい", "今日はいい天気"),
    ("カタカナ・コーヒー", "コーヒーとカタカナ"),
    ("你好，世界 2024 年", "世界，你好 2024"),
    ("Java 25で動く", "java 25 で 動く"),
    ("二〇二四年", "二〇二五年"),
    ("สวัสดีครับ", "สวัสดีค่ะ"),
    ("नमस्ते दुनिया", "नमस्ते सुंदर दुनिया"),
    ("안녕하세요 세계", "세계 안녕하세요"),
    ("مرحبا بالعالم", "مرحبا يا عالم"),
    ("שלום עולם", "עולם שלום"),
    ("١٢٣ عدد", "123 عدد"),
    ("👍🏽 good 👍", "good"),
    ("👍", "👎"),
    ("“quoted” – dash… ellipsis", "quoted dash ellipsis"),
    ("½ cup ⅫⅤ", "1/2 cup"),
    ("𝒳 math 𠀀 han", "𠀀 han 𝒳"),
    ("\u0301 stray mark", "stray mark"),
    ("zero\u200bwidth", "zero width"),
    ("ﬁne ﬂow", "fine flow"),
]


def drawn() -> list[tuple[str, str]]:
    """Texts that share much of their order, from few words and from many, up to long ones."""
    rng = random.Random(20040725)
    pairs = []
    for words, length, changes in [(3, 12, 4), (5, 40, 9), (8, 60, 60), (40, 30, 6), (40, 120, 25), (300, 250, 80),
                                   (20, 700, 300), (900, 1500, 400), (2, 400, 100), (50, 900, 20)]:
        reference = [f"w{rng.randrange(words)}" for _ in range(length)]
        answer = list(reference)
        for _ in range(changes):
            at = rng.randrange(len(answer) + 1)
            kind = rng.randrange(3)
            if kind == 0:
                answer.insert(at, f"w{rng.randrange(words)}")
            elif answer and at < len(answer):
                if kind == 1:
                    del answer[at]
                else:
                    answer[at] = "Other" if rng.random() < 0.3 else f"w{rng.randrange(words)}"
        pairs.append((" ".join(answer), ", ".join(reference)))
    return pairs


def f1(scorer: rouge_scorer.RougeScorer, answer: str, reference: str) -> float:
    return float(scorer.score(reference, answer)["rougeL"].fmeasure)


def main() -> None:
    plain = rouge_scorer.RougeScorer(["rougeL"])
    tokenizer = ScriptsTokenizer()
    scripts = rouge_scorer.RougeScorer(["rougeL"], tokenizer=tokenizer)
    result = {
        "plain": [{"answer": a, "reference": r, "f1": f1(plain, a, r)} for a, r in PLAIN + drawn()],
        "scripts": [
            {"answer": a, "reference": r, "tokens": tokenizer.tokenize(a), "f1": f1(scripts, a, r)} for a, r in SCRIPTS
        ],
    }
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
