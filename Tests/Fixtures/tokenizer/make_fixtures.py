"""Generates the tokenizer's fixtures in this folder from the texts of `texts.py`.

`vocab.json` and `merges.txt` are trained on these texts; `combined/tokenizer.json` is the same
vocabulary, saved by `transformers.CLIPTokenizer`, whose ids are in `expected.json`: by kind of text,
each text with its truncated length.

    pip install transformers==5.23.0 tokenizers==0.23.3
    python Tests/Fixtures/tokenizer/make_fixtures.py

With Python 3.11 the same versions give the same bytes.
"""

import json
from collections import Counter
from pathlib import Path

from tokenizers import Regex, normalizers, pre_tokenizers
from transformers import CLIPTokenizer

from texts import END, NOISE, START, texts_by_kind

HERE = Path(__file__).parent
COMBINED = HERE / "combined"
MERGES = 1000
CONTEXT, SHORT_CONTEXT, SHORTEST_CONTEXT = 77, 16, 2


def byte_symbols():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(others))]


def words(texts):
    """The frequency of each word, as byte symbols, the last one with its ending."""
    normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    split = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    splitter = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(split, behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    counts = Counter()
    for text in texts:
        for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text)):
            counts[(*word[:-1], word[-1] + "</w>")] += 1
    return counts


def train(texts):
    """Byte-pair merges; equally frequent pairs in alphabetical order."""
    counts = words(texts)
    merges = []
    while len(merges) < MERGES:
        pairs = Counter()
        for word, count in counts.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        joined = Counter()
        for word, count in counts.items():
            joined[join(word, best)] += count
        counts = joined
    return merges


def join(word, pair):
    result = []
    for token in word:
        if result and (result[-1], token) == pair:
            result[-1] += token
        else:
            result.append(token)
    return tuple(result)


def write_vocabulary(texts):
    symbols = byte_symbols()
    merges = train(texts)
    tokens = symbols + [symbol + "</w>" for symbol in symbols]
    tokens += dict.fromkeys(left + right for left, right in merges)
    tokens += [START, END]
    assert len(set(tokens)) == len(tokens)
    vocabulary = {token: id for id, token in enumerate(tokens)}
    (HERE / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    lines = ["#version: 0.2"] + [f"{left} {right}" for left, right in merges]
    (HERE / "merges.txt").write_text("\n".join(lines) + "\n", "utf-8")


def cases(kind, texts, reference):
    """Each text at CLIP's context length; long texts, and some others, also truncated further."""
    for index, text in enumerate(texts):
        whole = len(reference(text).input_ids)
        lengths = [CONTEXT]
        if whole > SHORT_CONTEXT and (kind == "long" or index % 8 == 3):
            lengths.append(SHORT_CONTEXT)
        if kind == "long" and index % 8 == 5:
            lengths.append(SHORTEST_CONTEXT)
        for length in lengths:
            ids = reference(text, truncation=True, max_length=length).input_ids
            yield {"text": text, "contextLength": length, "ids": ids}


def write_expected(kinds, reference):
    """One line per case, so that changes are visible in diffs."""
    sections = []
    for kind, texts in kinds.items():
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases(kind, texts, reference))
        sections.append(f"{json.dumps(kind)}:[\n{lines}\n]")
    (HERE / "expected.json").write_text("{\n" + ",\n".join(sections) + "\n}\n", "utf-8")


def main():
    kinds = texts_by_kind()
    write_vocabulary([text for kind, texts in kinds.items() if kind not in NOISE for text in texts])
    reference = CLIPTokenizer.from_pretrained(HERE)
    COMBINED.mkdir(exist_ok=True)
    reference.backend_tokenizer.save(str(COMBINED / "tokenizer.json"))
    combined = CLIPTokenizer.from_pretrained(COMBINED)
    assert all(reference(texts).input_ids == combined(texts).input_ids for texts in kinds.values())
    write_expected(kinds, reference)


main()
