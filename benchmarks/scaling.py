"""How time grows with the length of a document and with the number of documents; nothing is cut off.

python benchmarks/scaling.py [--model models/en_casetrace]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import spacy
from spacy.language import Language

ROOT = Path(__file__).parents[1]
LAST = "Police arrested Chanthou Veasna in Battambang."


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=str(ROOT / "models" / "en_casetrace"))
    nlp = spacy.load(parser.parse_args().model)
    nlp.max_length = 10_000_000
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "texts").glob("*.txt"))]
    nlp(texts[0])
    print("| words in one document | seconds | words/s | last sentence |\n| --- | --- | --- | --- |")
    for words in (500, 2_000, 10_000, 50_000):
        print(long_document(nlp, texts, words))
    print("\n| documents | seconds | documents/s |\n| --- | --- | --- |")
    for count in (25, 100, 400):
        print(many_documents(nlp, texts, count))


def long_document(nlp: Language, texts: list[str], words: int) -> str:
    """Time for one document of so many words, and what is found in its last sentence."""
    pieces: list[str] = []
    while sum(len(piece.split()) for piece in pieces) < words - len(LAST.split()):
        pieces.append(texts[len(pieces) % len(texts)])
    text = "\n\n".join([" ".join("\n\n".join(pieces).split(" ")[: words - len(LAST.split())]), LAST])
    started = time.perf_counter()
    doc = nlp(text)
    seconds = time.perf_counter() - started
    found = [f"{entity.text} {entity.label_}" for entity in doc.ents if entity.start_char >= len(text) - len(LAST)]
    return f"| {len(text.split()):,} | {seconds:.2f} | {len(text.split()) / seconds:,.0f} | {', '.join(found)} |"


def many_documents(nlp: Language, texts: list[str], count: int) -> str:
    """Time for so many documents."""
    chosen = [texts[number % len(texts)] for number in range(count)]
    started = time.perf_counter()
    for _ in nlp.pipe(chosen):
        pass
    seconds = time.perf_counter() - started
    return f"| {count} | {seconds:.2f} | {count / seconds:.1f} |"


if __name__ == "__main__":
    main()
