"""Generates added.json in this folder: transformers' results for vocabularies with added tokens.

Each case has the files to add to `vocab.json` and `merges.txt`, or for `added_tokens`, to a `tokenizer.json`
like that in `combined/` with these added tokens, and the ids of texts from `transformers.CLIPTokenizer`.

    pip install transformers==5.23.0 tokenizers==0.23.3
    python Tests/Fixtures/tokenizer/make_added_fixtures.py
"""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from transformers import CLIPTokenizer

HERE = Path(__file__).parent
START, END = "<|startoftext|>", "<|endoftext|>"
# The vocabulary's own 1514 tokens end with the two special tokens that frame a text.
NEW = 1514


def token(content, normalized, **settings):
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "special": False}
    return {"content": content, "normalized": normalized} | flags | settings


def listed(*tokens):
    return [{"id": number} | entry for number, entry in tokens]


def frame(normalized):
    return [(NEW - 2, token(START, normalized, special=True)), (NEW - 1, token(END, normalized, special=True))]


TEXTS = [
    "a photo of a <sks> cat", "a photo of <SKS>, <sks>s and<sks>", "<sks><sks> <sks >", "Wow! What a bag!!", "! !",
    "newword NewWord NEWWORDs, new word", "a<Style>b <style> <Style >", "axyz xyz  b XYZ, xyz_ _xyz xyz1 xyz-xyz", "xyz\u0301 xyz\u200d",
    "hot dog, Hot  Dog, hot\tdog, hotdog", "\u00c4rger, A\u0308rger, \u00e4rger, a\u0308rger", "<a>b <a> <ab> <a><a>b",
    f"one {END} two", f"one {END.upper()} two {START.title()}", f"{START}{START} x {END}", "", " ", "<sks>", "'s xyz's <sks>'s", "it's!'s",
    "CAT cat Cat</w> cats", "\u0130stanbul \u0131 \u1e9e", "a <image> <mask> [CLS] here", "\u4e2d\u6587 <sks>\u4e2d", "12xyz34", "0 1 2<Style>3",
]  # fmt: skip

CASES = {
    "nothing": {},
    "words and a special token": {
        "tokenizer_config.json": {
            "added_tokens_decoder": {
                str(NEW): token("<sks>", True),
                str(NEW + 1): token("NewWord", True),
                str(NEW + 2): token("<Style>", False, special=True),
                str(NEW + 3): token("xyz", True, single_word=True, lstrip=True, rstrip=True),
            }
        }
    },
    "raw words": {
        "tokenizer_config.json": {
            "added_tokens_decoder": {str(NEW): token("<sks>", False), str(NEW + 1): token("xyz", False, single_word=True)}
        }
    },
    "settings left out": {
        "tokenizer_config.json": {
            "added_tokens_decoder": {str(NEW): {"content": "<sks>"}, str(NEW + 1): {"content": "<Style>", "special": True}}
        }
    },
    "overlapping": {
        "tokenizer_config.json": {
            "added_tokens_decoder": {
                str(NEW): token("<a>", True), str(NEW + 1): token("<a>b", True), str(NEW + 2): token("<sks", False),
                str(NEW + 3): token("<sks>", True), str(NEW + 4): token("Hot Dog", True), str(NEW + 5): token("\u00c4rger", True),
                str(NEW + 6): token("a\u0308", False), str(NEW + 7): token("xyz xyz", False, single_word=True), str(NEW + 8): token("xyz", False),
            }
        }
    },  # fmt: skip
    "added_tokens.json": {"added_tokens.json": {"NewWord": NEW + 1, "<sks>": NEW}},
    "added_tokens.json with special ones": {
        "added_tokens.json": {"<sks>": NEW, "<Style>": NEW + 1},
        "special_tokens_map.json": {"pad_token": "<Style>", "additional_special_tokens": ["<image>"]},
    },
    "tokenizer.json": {"added_tokens": listed(*frame(False), (NEW, token("<sks>", True)), (NEW + 1, token("<Style>", False, special=True)))},
    "tokenizer.json as OpenAI's": {"added_tokens": listed(*frame(True))},
    "tokenizer.json beside added_tokens.json": {"added_tokens": listed(*frame(True)), "added_tokens.json": {"<sks>": NEW}},
    "tokenizer.json overruled": {
        "added_tokens": listed(*frame(True), (NEW, token("<sks>", True))), "tokenizer_config.json": {"added_tokens_decoder": {}},
    },
    "padding by a token of the vocabulary": {"tokenizer_config.json": {"pad_token": "!"}},
    "the same, listed": {
        "tokenizer_config.json": {
            "pad_token": "!",
            "added_tokens_decoder": {"0": token("!", False, special=True)} | {str(number): entry for number, entry in frame(True)},
        }
    },
    "the same in a map": {"special_tokens_map.json": {"pad_token": {"content": "!", "normalized": True, "single_word": False, "lstrip": False, "rstrip": False}}},
    "special tokens as OpenAI's": {
        "tokenizer_config.json": {
            "bos_token": {"__type": "AddedToken"} | token(START, True), "eos_token": {"__type": "AddedToken"} | token(END, True),
            "unk_token": {"__type": "AddedToken"} | token(END, True), "pad_token": END, "add_prefix_space": False,
        }
    },
    "others with a name": {"tokenizer_config.json": {"mask_token": "<mask>", "cls_token": "[CLS]", "image_token": "<image>", "pad_token": None}},
    "extra": {"tokenizer_config.json": {"extra_special_tokens": ["<Style>", "<sks>"], "additional_special_tokens": ["<image>"]}},
    "extra with a name": {"tokenizer_config.json": {"extra_special_tokens": {"image_token": "<image>"}}},
    "the end of a word": {"added_tokens.json": {"cat</w>": 715}},
    "empty": {"added_tokens.json": {"": NEW}},
}  # fmt: skip


def ids(files):
    with TemporaryDirectory() as folder:
        folder = Path(folder)
        for name in ["vocab.json", "merges.txt"]:
            shutil.copy(HERE / name, folder)
        for name, content in files.items():
            if name == "added_tokens":
                whole = json.loads((HERE / "combined/tokenizer.json").read_text("utf-8"))
                name, content = "tokenizer.json", whole | {"added_tokens": content}
            (folder / name).write_text(json.dumps(content), "utf-8")
        tokenizer = CLIPTokenizer.from_pretrained(folder)
        return [tokenizer(text).input_ids for text in TEXTS]


def main():
    cases = [{"name": name, "files": files, "ids": ids(files)} for name, files in CASES.items()]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    text = json.dumps(TEXTS, separators=(",", ":"))
    (HERE / "added.json").write_text(f'{{"texts":{text},"cases":[\n{lines}\n]}}\n', "utf-8")


main()
