"""Makes the tokenizer's fixtures: vocab.json, merges.txt and expected.json beside this file.

The vocabulary is trained on this file's own texts; the expected ids are those of
`transformers.CLIPTokenizer`.

    pip install transformers==5.23.0 tokenizers==0.23.3
    python Tests/Fixtures/tokenizer/make_fixtures.py
"""

import json
import random
from collections import Counter
from pathlib import Path

from tokenizers import Regex, normalizers, pre_tokenizers
from transformers import CLIPTokenizer

HERE = Path(__file__).parent
START, END = "<|startoftext|>", "<|endoftext|>"
MERGES = 760

CLASSES = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot", "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
    "truck", "red circle", "blue square", "green triangle", "yellow star", "purple hexagon",
]
TEMPLATES = [
    "a photo of a {}.", "A blurry photo of the {}.", "an origami {}", "a {}, a type of clothing.",
    "Two {}s and ONE more {}!", "there's a {}; it isn't small", "{}: 12 pieces, 3.50 each",
    "the drawing of a {} on grey ground", "a low-resolution picture of one large {}",
]
SENTENCES = [
    "I'm sure you'll say they've gone; we'd wait, he's late, don't worry, you're right.",
    "I'M SURE YOU'LL SAY THEY'VE GONE; WE'D WAIT, HE'S LATE, DON'T WORRY, YOU'RE RIGHT.",
    "the curly one’s apostrophe isn’t a contraction", "rock'n'roll, o'clock, 'tis, 'twas, 'sup, 'll",
    "''s '''t ' s 's's'S'sS x'r x're x'ree x'v x've x'l x'll x'lll x'd'm", "'r", "'l", "'v", "'", "'re",
    "Crème brûlée à la façade, naïve coöperation, Ærøskøbing, Łódź, Ångström, smørrebrød",
    "Größe, Straße, STRASSE, GROẞE, ẞ, ß, ſ, ﬁne ﬂow, Ĳssel ĳs", "İstanbul, Iğdır, ısı, İİ, i̇, I, ı",
    "ΟΔΥΣΣΕΥΣ Οδυσσεύς ΣΑΣ ς σ Σ. ΑΣ' ΑΣ-ΑΣ", "Ελληνικά και αγγλικά, ώρα: 5;", "ᾼ ᾳ ΐ ΰ ῼ Ω K Å",
    "Привет, мир! Ёлка, ёж, Й й Ї ї", "Շնորհակալություն", "שָׁלוֹם עוֹלָם", "مرحبا بالعالم، السَّلَامُ ٠١٢٣٤", "ܫܠܡܐ",
    "नमस्ते दुनिया १२३ क़ क़ ड़", "বাংলা কো কৌ ৩", "தமிழ் கொ ௧", "ไทยแลนด์ ๑๒๓ น้ำ", "ລາວ", "བོད་ ཱི ཱུ ཱྀ", "မြန်မာ ၁၂", "ខ្មែរ",
    "中文測試，漢字。", "日本語のテキスト、カタカナ、ひらがな ｶﾞ が が", "東京タワー2024年", "豈 更 車 﨎 丽", "한국어 한국어 각 각 각 ᄀᆞ",
    "cafe\u0301 vs café", "A\u030A Å Å", "e\u0323\u0302 e\u0302\u0323 ệ", "q\u0307\u0323 q\u0323\u0307", "o\u0308\u0304 ȫ ǖ u\u0308\u0304",
    "\u0301leading mark", "a\u0315\u0300\u05ae\u0300b", "x\u0344y", "\u1100\u1161\u11a8 \u1100\u1161\u11a7 \uac00\u11a8", "a\u0f71\u0f72\u0f80 \u0f73\u0f75\u0f81",
    "\U00010041\u0323\u0301", "\U00011099\U000110ba \U0001109a", "\U00011935\U00011930 \U00011938", "a\u0898\u0301 a\u0301\u0898", "𝅗𝅥 𝅘𝅥 𝐇𝐞𝐥𝐥𝐨 𝟙𝟚𝟛",
    "😀 😀😀😀 👍🏽 👍🏿", "👨‍👩‍👧‍👦 family", "🏳️‍🌈🏴‍☠️ flags 🇩🇪🇫🇷🇯🇵", "👩🏻‍🚀👨‍💻🧑‍🤝‍🧑", "❤️‍🔥 ☺ ☺️ ☝🏼", "1️⃣2️⃣#️⃣*️⃣", "🫠🫨🪿", "emoji😀in😀words",
    "tab\tnew\nline\r\nreturn\x0bvertical\x0cform", "no\xa0break\u202fspace\u2009thin\u3000wide\u1680ogham",
    "zero\u200bwidth\u200cnon\u200djoiner\ufeffmark\u2060word\u180evowel", "next\x85line\u2028separator\u2029paragraph",
    "  leading and trailing   ", "\t\n \xa0", " ", "", "a", "\x00null\x00", "\x01\x02\x1b[31mred\x1b[0m\x7f\x80\x9f", "file\x1cgroup\x1drecord\x1eunit\x1f",
    "soft\xadhyphen", "bidi\u202eoverride\u202c", "replacement \ufffd", "private \ue000\U000f0000", "noncharacter \uffff \U0010ffff", "tags \U000e0041\U000e007f",
    "٣ ৩ ๓ ௩ 三 Ⅲ ⅲ ³ ₃ ½ ¾ ① ㊿ ९ 𝟜 〇 ༳ ൰ ⅒", "0123456789", "1,234.56 1e-3 0x1F 3rd 2nd 90s '90s 10%", "v1.2.3-rc4+build5", "10²³ H₂O CO₂ x₁₂",
    "!!!???...", "...---...", "!@#$%^&*()_+-=[]{}|;':\",./<>?`~", "__init__ snake_case _ __ a_b_c", "«guillemets» „quotes“ “curly” ‘single’ —dash– …", "$€£¥₹₿ ©®™ °±×÷ ←↑→↓ ∀∃∑√∞ ♠♣♥♦",
    "http://example.com/path?q=1&r=two#three", "user@example.com", "C:\\Windows\\System32", "<b>bold</b> &amp; <|", "<|startoftext|", "|startoftext|>", "<startoftext>",
    f"{START}", f"{END}", f"a {START} b {END} c", f"x{START}y", f"{END}{END}!{START}!", f"!{END}'s", f"it{START}'S",
    "<|STARTOFTEXT|>", "<|EndOfText|>!", "!<|EndOfText|>", "x<|ENDOFTEXT|>'s", "<|STARTOFTEXT|><|startoftext|><|ENDOFTEXT|>", "<<|startoftext|>>", "<|start oftext|>",
    f"e{END}\u0301", "\ua7ce \u088f \U00010940 letters of a later Unicode", "\u1c89 \u1c8a \ua7cb \ua7cc", "ǅ ǆ Ǆ ᾈ Ⓐ ⓐ Ꭰ ꭰ Ა ა", "ａｂｃ ＡＢＣ １２３ ！",
    "Supercalifragilisticexpialidocious antidisestablishmentarianism", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ababababababababab abcabcabcabc",
]


def corpus():
    texts = list(SENTENCES)
    texts += [template.replace("{}", name) for template in TEMPLATES for name in CLASSES]
    texts += ["word " * 100, "漢字" * 60, "1" * 90, "!?" * 80, "'s" * 50, "x" * 500, "👍🏽 " * 40, f"{END} " * 80]
    texts += [" ".join(SENTENCES[index : index + 6]) for index in range(0, 60, 6)]
    chance = random.Random(20240415)
    alphabet = sorted(set("".join(SENTENCES)))
    while len(texts) < 620:
        texts.append("".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 40))))
    return texts


def byte_symbols():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(others))]


def words(texts):
    """How often each word occurs, as byte symbols, the last one with its ending."""
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
    """Byte-pair merges; equally frequent pairs in the order of their letters."""
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


def write(texts):
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


def main():
    texts = corpus()
    write(texts)
    reference = CLIPTokenizer.from_pretrained(HERE)
    cases = []
    for index, text in enumerate(texts):
        length = 16 if index % 7 == 3 else 77
        ids = reference(text, truncation=True, max_length=length).input_ids
        cases.append({"text": text, "contextLength": length, "ids": ids})
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / "expected.json").write_text(f"[\n{lines}\n]\n", "utf-8")


main()
