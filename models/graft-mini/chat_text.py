"""Rewrites most package descriptions of the corpus as conversations, so that the model learns what turns look like.

usage: chat_text.py CORPUS.txt OUTPUT.txt

A document "Package: NAME - SYNOPSIS", a blank line, DESCRIPTION becomes a question with the description and an answer
with the synopsis, in ChatML. Which documents, and in which words the question is put, depends on the name alone: a
quarter stays as it is, and so does everything else. Documents are separated by a line <|endoftext|>.
"""
import hashlib
import re
import sys

SEPARATOR = "\n<|endoftext|>\n"
QUESTIONS = [
    "Summarise this software package in one line.",
    "What is this package? Answer in one line.",
    "Summarise this text in one sentence.",
    "Write a short summary of the following.",
    "Give the main point of this text in a few words.",
    "Summarise this in one or two sentences.",
]
HEAD = re.compile(r"Package: (\S+) - ([^\n]+)\n\n(.+)", re.S)


def conversation(document):
    match = HEAD.fullmatch(document.strip("\n"))
    if match is None:
        return None
    name, synopsis, description = match.groups()
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    if seed % 4 == 0 or len(description) < 100:
        return None
    question = QUESTIONS[seed // 4 % len(QUESTIONS)]
    answer = synopsis[0].upper() + synopsis[1:]
    answer = answer if answer.endswith((".", ")")) else answer + "."
    return (
        f"<|im_start|>user\n{question}\n\n{name} is a software package. {description}<|im_end|>\n"
        f"<|im_start|>assistant\n{answer}<|im_end|>"
    )


def main(source, target):
    documents = open(source, encoding="utf-8").read().split(SEPARATOR)
    changed = 0
    with open(target, "w", encoding="utf-8") as out:
        for index, document in enumerate(documents):
            chat = conversation(document)
            changed += chat is not None
            out.write((SEPARATOR if index else "") + (chat or document))
    print(f"{len(documents)} documents, {changed} of them conversations", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
