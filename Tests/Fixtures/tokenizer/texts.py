"""The texts of the tokenizer's fixtures by kind: lists, and generated strings."""

import random
import unicodedata

from scripts import GREEK, LANGUAGES, LATIN, TURKISH

START, END = "<|startoftext|>", "<|endoftext|>"

# Kinds whose texts are noise: the vocabulary is not trained on them.
NOISE = {"code points", "controls", "mark orders", "random"}

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
SUBJECTS = [
    "A man in a yellow rain jacket", "Two young women", "a black-and-white dog", "An elderly couple", "the children",
    "Three surfers", "A street musician with his guitar", "a tabby cat", "Several cyclists", "A chef wearing a white hat",
    "a red double-decker bus", "Someone's grandmother", "A toddler (about 2 years old)", "an old steam locomotive", "A flock of sheep",
    "The bride & groom", "a baseball player, number 23,", "People of all ages",
]
DOINGS = [
    "is standing next to", "walk past", "looks up at", "are playing in front of", "rests on top of", "waits near",
    "is being photographed beside", "can't quite reach", "leans against", "runs toward", "sits under",
]
PLACES = [
    "a wooden fence.", "the café's open door", "a snow-covered mountain at dusk", "parked cars on a busy street!",
    "an old stone bridge (Prague, 1998).", "a table full of fruit, bread and cheese", "the sea; waves are rolling in",
    "a graffiti-covered wall", "the fountain in the town's main square", "a sign that reads \"NO PARKING\"",
    "a pizza with pepperoni, olives and basil", "tall grass on a windy day...", "the 5:30 p.m. train",
]
STYLES = ["", "", "IMG_2041.JPG: ", "[stock photo] ", "Photo #17 - ", "close-up: "]
SENTENCES = [
    "I'm sure you'll say they've gone; we'd wait, he's late, don't worry, you're right.",
    "I'M SURE YOU'LL SAY THEY'VE GONE; WE'D WAIT, HE'S LATE, DON'T WORRY, YOU'RE RIGHT.",
    "the curly one’s apostrophe isn’t a contraction", "rock'n'roll, o'clock, 'tis, 'twas, 'sup, 'll",
    "''s '''t ' s 's's'S'sS x'r x're x'ree x'v x've x'l x'll x'lll x'd'm", "'r", "'l", "'v", "'", "'re",
    "cafe\u0301 vs café", "A\u030A Å Å", "e\u0323\u0302 e\u0302\u0323 ệ", "q\u0307\u0323 q\u0323\u0307", "o\u0308\u0304 ȫ ǖ u\u0308\u0304",
    "\u0301leading mark", "a\u0315\u0300\u05ae\u0300b", "x\u0344y", "\u1100\u1161\u11a8 \u1100\u1161\u11a7 \uac00\u11a8", "a\u0f71\u0f72\u0f80 \u0f73\u0f75\u0f81",
    "\U00010041\u0323\u0301", "\U00011099\U000110ba \U0001109a", "\U00011935\U00011930 \U00011938", "a\u0898\u0301 a\u0301\u0898", "𝅗𝅥 𝅘𝅥 𝐇𝐞𝐥𝐥𝐨 𝟙𝟚𝟛",
    "😀 😀😀😀 👍🏽 👍🏿", "👨‍👩‍👧‍👦 family", "🏳️‍🌈🏴‍☠️ flags 🇩🇪🇫🇷🇯🇵", "👩🏻‍🚀👨‍💻🧑‍🤝‍🧑", "❤️‍🔥 ☺ ☺️ ☝🏼", "1️⃣2️⃣#️⃣*️⃣", "🫠🫨🪿", "emoji😀in😀words",
    "tab\tnew\nline\r\nreturn\x0bvertical\x0cform", "no\xa0break\u202fspace\u2009thin\u3000wide\u1680ogham",
    "zero\u200bwidth\u200cnon\u200djoiner\ufeffmark\u2060word\u180evowel", "next\x85line\u2028separator\u2029paragraph",
    "  leading and trailing   ", "\t\n \xa0", " ", "", "a", "\x00null\x00", "\x01\x02\x1b[31mred\x1b[0m\x7f\x80\x9f", "file\x1cgroup\x1drecord\x1eunit\x1f",
    "soft\xadhyphen", "bidi\u202eoverride\u202c", "replacement \ufffd", "private \ue000\U000f0000", "noncharacter \uffff \U0010ffff", "tags \U000e0041\U000e007f",
    "٣ ৩ ๓ ௩ 三 Ⅲ ⅲ ³ ₃ ½ ¾ ① ㊿ ९ 𝟜 〇 ༳ ൰ ⅒", "0123456789", "1,234.56 1e-3 0x1F 3rd 2nd 90s '90s 10%", "v1.2.3-rc4+build5", "10²³ H₂O CO₂ x₁₂",
    "\ua7ce \u088f \U00010940 letters of a later Unicode", "\u1c89 \u1c8a \ua7cb \ua7cc", "ǅ ǆ Ǆ ᾈ Ⓐ ⓐ Ꭰ ꭰ Ა ა", "ａｂｃ ＡＢＣ １２３ ！",
    "Supercalifragilisticexpialidocious antidisestablishmentarianism", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ababababababababab abcabcabcabc",
]
PUNCTUATION = [
    "!!!???...", "...---...", "!@#$%^&*()_+-=[]{}|;':\",./<>?`~", "__init__ snake_case _ __ a_b_c", "«guillemets» „quotes“ “curly” ‘single’ —dash– …", "$€£¥₹₿ ©®™ °±×÷ ←↑→↓ ∀∃∑√∞ ♠♣♥♦",
    "¡Hola! ¿Qué tal?", "‹a› «b» 「c」 『d』 【e】 〈f〉 《g》 〔h〕", "、。，．・：；？！", "‼ ⁇ ⁈ ⁉ ‽ ⸘ ؟ ، ؛ ۔ । ॥ ၊ ။ ።", "a‐b‑c‒d–e—f―g−h", "≤ ≥ ≠ ≈ ≡ ∈ ∉ ⊂ ⊆ ∪ ∩ ∅",
    "≠ =\u0338 ≮ <\u0338 ≯ >\u0338 ∌ ∋\u0338", "½% 5‰ №7 §3 ¶ † ‡ • ‣ ⁂", "(((a)))[[[b]]]{{{c}}}", "a.b,c;d:e!f?g", "-_-  ^_^  :-) ;-P :'( <3 ¯\\_(ツ)_/¯ (╯°□°)╯︵ ┻━┻", "´a ¨o ¸c ˜n ˆe",
]
CODE = [
    "http://example.com/path?q=1&r=two#three", "user@example.com", "C:\\Windows\\System32", "<b>bold</b> &amp; <|", "https://xn--mnchen-3ya.de/stra%C3%9Fe/", "https://münchen.de/straße?größe=ä",
    "ftp://user:p%40ss@[2001:db8::1]:8021/~me/a_b.tar.gz", "mailto:a.b+tag@sub.example.co.uk", "www.example.org/~user/index.html?id=42&lang=EN", "192.168.0.1:8080", "data:image/png;base64,iVBORw0KGgo=",
    "for (int i = 0; i < n; ++i) { sum += x[i]; }", "let x: [String: Int]? = nil // no value", "def f(x, *args, **kw):\n\treturn x ** 2  # square\n", "SELECT \"name\" FROM t WHERE id='7' AND NOT done;",
    "if [[ -f \"$HOME/.profile\" ]]; then echo 'it''s'; fi", "{\"key\": [1, 2.5e-3, null, true], \"esc\": \"\\u00e9\\n\"}", "#include <stdio.h>\r\nint main(void) { return 0; }\r\n", "<a href='x'>it's</a><!-- 'tis -->",
    "a && b || !c ?? d ?: e => f -> g |> h", "x = y<|endoftext|>z", "^(?:[a-z]+|\\d{2,})$", "git commit -m 'fix: don''t' --amend", "\\frac{1}{2}\\alpha_{i}^{2}", "0b1010 0o17 0xDEADBEEF 1_000_000 6.02e23", "--flag=value -x --no-y",
    "camelCase PascalCase SCREAMING_SNAKE kebab-case dot.case", "$PATH ${HOME} %TEMP% `ls` $(pwd)", "#hashtag @mention r/pics u/someone", "2024-02-29T23:59:59.999Z", "+1 (555) 010-9999", "#FF8800 rgb(255,136,0)", "ISBN 978-3-16-148410-0",
]
SPECIAL = [
    "<|startoftext|", "|startoftext|>", "<startoftext>",
    f"{START}", f"{END}", f"a {START} b {END} c", f"x{START}y", f"{END}{END}!{START}!", f"!{END}'s", f"it{START}'S",
    "<|STARTOFTEXT|>", "<|EndOfText|>!", "!<|EndOfText|>", "x<|ENDOFTEXT|>'s", "<|STARTOFTEXT|><|startoftext|><|ENDOFTEXT|>", "<<|startoftext|>>", "<|start oftext|>",
    f"e{END}\u0301", "<|endoftext|", "<|endoftext |>", "< |endoftext|>", "<|endof\u200btext|>", "<|endoftext|\u0338>", "＜｜endoftext｜＞", "<|pad|> <|unk|> [CLS] [SEP] [PAD] <s> </s> <unk>",
    "</w>", "a</w> b</w>", "Ġ Ċ Ā Ń", "<|\u017ftartoftext|>", "<|endo\uff46text|>", f"{START}{START}{START}", f"{END} {END}\n{END}",
]
ZERO_WIDTH = [0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180B, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE00, 0xFE0E, 0xFE0F, 0xFEFF, 0xFFF9, 0xFFFC, 0xE0001, 0xE0020, 0xE0100]
WHITE = [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
# The zeros of decimal digits.
ZEROS = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090,
    0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0,
    0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
    0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
]
# The first of other number characters, in groups of eight per text.
NUMBERS = [0xB2, 0xBC, 0x9F4, 0xB72, 0xBF0, 0xC78, 0xD70, 0xF2A, 0x1369, 0x16EE, 0x17F0, 0x2070, 0x2080, 0x2150, 0x2160, 0x2170, 0x2182, 0x2460, 0x2474, 0x2488, 0x24EA, 0x2776, 0x3021, 0x3192, 0x3220, 0x3280, 0xA6E6, 0xA830, 0x10107, 0x10140, 0x102E1, 0x10858, 0x12400, 0x1D360, 0x1EC71, 0x1F100]
PEOPLE = ["👍", "👋", "🙏", "💪", "👶", "👩", "🧑", "👮", "🕵", "💃", "🤷", "🏃", "🚴", "☝", "✌", "🤌", "🫶", "🧑‍🎄"]
TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"]
JOINED = [
    "👨‍👩‍👧", "👩‍👩‍👦‍👦", "👨‍❤️‍💋‍👨", "👩🏽‍🤝‍👨🏿", "🧑🏻‍❤️‍🧑🏾", "👁️‍🗨️", "🐕‍🦺", "🐻‍❄️", "🐈‍⬛", "👩🏾‍⚕️", "👨🏻‍🦰", "🧔🏼‍♀️", "🕵️‍♂️", "🏋🏽‍♀️", "⛹️‍♂️", "🧜🏿‍♀️", "😮‍💨", "😵‍💫", "❤️‍🩹", "🏳️‍⚧️", "🍋‍🟩", "🐦‍🔥", "🙂‍↔️", "👨🏽‍🦽‍➡️",
]
FLAGS = ["DE", "FR", "JP", "US", "GB", "BR", "IN", "KR", "UA", "IL", "SA", "TR", "GR", "TH", "ZA", "EU", "UN", "XX"]
SYMBOLS = ["☀", "☁", "☂", "☎", "♻", "⚠", "✈", "✉", "✔", "✨", "❤", "➡", "⬆", "⭐", "〰", "㊗", "🅰", "🈁", "🌍", "🍕", "🎉", "🐶", "🚀", "🦄", "🧀", "🩷", "🫎", "🫩"]
LIGATURES = ["ﬀ", "ﬁ", "ﬂ", "ﬃ", "ﬄ", "ﬅ", "ﬆ", "ﬓ", "ﬔ", "ﬕ", "ﬖ", "ﬗ", "ﬠ", "ﬡ", "שׁ", "שּׁ", "יִ", "ﭏ", "ﷲ", "ﷺ", "ﻻ", "ﻼ", "Ǆ", "ǅ", "ǉ", "Ǌ", "ŉ", "ĳ", "Œ", "œ", "Æ", "ǽ", "ꜳ", "Ꝏ", "㎏", "㎡", "㏒", "℃", "℡", "№", "™", "℠", "㍿", "㌔", "Å", "K", "Ω", "ℵ", "ª", "º"]
STEMS = ["I", "you", "he", "It", "we", "they", "who", "don", "isn", "Anna", "café", "x1", "東京", "the dogs"]
APOSTROPHES = ["'", "’", "‘", "ʼ", "＇", "′", "`", "´", "'\u0301", "''"]
ENDINGS = ["s", "t", "re", "ve", "m", "ll", "d", "l", "r", "v", "sd", "\u017f", "t've"]


def forms(text):
    """`text` unchanged, in the four normalization forms and in the other cases."""
    normalized = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    return [text, *normalized, text.upper(), text.lower(), text.title()]


def captions():
    for template in TEMPLATES:
        yield from (template.replace("{}", name) for name in CLASSES)
    for index, (subject, doing) in enumerate((s, d) for s in SUBJECTS for d in DOINGS):
        yield f"{STYLES[index % len(STYLES)]}{subject} {doing} {PLACES[index % len(PLACES)]}"


def accents():
    for text in LATIN:
        yield from (text, unicodedata.normalize("NFD", text), text.upper())
    for index, letter in enumerate("aeiounczsyglrtkhdwAEIOUNCZSYGLRTKHDW"):
        marks = [chr(0x300 + (index * 7 + step * 5) % 0x46) for step in range(4)]
        yield " ".join(letter + mark for mark in marks)
        yield letter + "".join(marks) + " " + letter + "".join(reversed(marks)) + "b"
    for start in range(0xC0, 0x250, 10):
        yield "".join(map(chr, range(start, start + 10)))
    for start in range(0x1E00, 0x1F00, 16):
        yield " ".join(map(chr, range(start, start + 16, 2)))
        yield unicodedata.normalize("NFD", "".join(map(chr, range(start + 1, start + 16, 2))))


def contractions():
    for index, stem in enumerate(STEMS):
        for step, ending in enumerate(ENDINGS):
            apostrophe = APOSTROPHES[0] if step % 2 else APOSTROPHES[(index + step // 2) % 10]
            text = f"{stem}{apostrophe}{ending}"
            yield text.upper() if (index + step) % 3 == 0 else text
    for apostrophe in APOSTROPHES:
        for ending in ENDINGS[:7]:
            yield f"{apostrophe}{ending} {apostrophe}{ending.upper()}x !{apostrophe}{ending.title()}"


def emoji():
    for index, person in enumerate(PEOPLE):
        yield " ".join(person[0] + tone + person[1:] for tone in TONES)
        yield f"hi{person[0]}{TONES[index % 6]}{person[1:]}!"
    for text in JOINED:
        yield from (text, f"a {text} and{text}b", text.replace("\u200d", ""), text.replace("\ufe0f", ""))
    for index, code in enumerate(FLAGS):
        flag = "".join(chr(0x1F1A5 + ord(letter)) for letter in code)
        yield from (flag, f"{code.lower()}{flag}{flag[0]}{index}")
    for region in ("gbeng", "gbsct", "gbwls", "usca"):
        yield "🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for symbol in SYMBOLS:
        yield f"{symbol}{symbol}\ufe0f {symbol}\ufe0e."
    for key in "0123456789#*":
        yield f"{key}\ufe0f\u20e3 {key}\u20e3{key}"


def languages():
    for text in LANGUAGES:
        yield from (text, unicodedata.normalize("NFD", text))
    for text in LANGUAGES[::2]:
        yield f"{text.split()[0]}'s {text.split()[-1]}2 Photo{text.split()[0]}"


def hangul():
    for start in range(0xAC00, 0xD7A4, 397):
        text = "".join(chr(min(start + step * 29, 0xD7A3)) for step in range(6))
        yield from (text, unicodedata.normalize("NFD", text))
    for lead, vowel, trail in zip(range(0x1100, 0x1120), range(0x1155, 0x1180), range(0x11A0, 0x11C8)):
        yield f"{chr(lead)}{chr(vowel)}{chr(trail)} {chr(lead)}{chr(vowel)}\u0301{chr(trail)}"
    for start in (0x3131, 0x3165, 0xA960, 0xD7B0, 0xD7CB, 0xFFA1, 0xFFC2):
        yield "".join(map(chr, range(start, start + 14)))
    yield from ("가\u11a7", "가\u11a8\u11a8", "각\u11a8", "\u1100가", "\u1161\u11a8", "ㅋㅋㅋㅋ ㅠㅠ", "\u1100\u200d\u1161")


def greek():
    for text in GREEK:
        yield from forms(text)
    yield from ("Σ", "Σ Σ", "ΑΣ\u0301", "ΑΣ\u200d", "ΑΣ1", "ΑΣ.Α", "ΣΑΣ'Σ", "A\u0345\u0301", "Α\u0345 α\u0345\u0301", "\u037e \u0387 \u1fef \u1ffd")
    for start in range(0x1F00, 0x2000, 16):
        yield "".join(map(chr, range(start, start + 16)))


def turkish():
    for text in TURKISH:
        yield from forms(text)
    yield from ("İ", "I\u0307", "i\u0307", "ı\u0307", "I\u0323\u0307", "İ\u0323", "Iı İi", "J\u0307\u030c į\u0307\u0301 Į̇́", "i\u0307\u0327", "İİİ'S")


def white_space():
    for index, code in enumerate(WHITE):
        space, other = chr(code), chr(WHITE[(index + 5) % len(WHITE)])
        yield from (space, f"one{space}two", f"{space}{other}a{other}{space}!{space}", f"don'{space}t 1{space}2 e{space}\u0301")
    for code in ZERO_WIDTH:
        mark = chr(code)
        yield from (mark, f"ze{mark}ro 1{mark}2", f"e{mark}\u0301 '{mark}s !{mark}! {mark} {mark}")
    yield from (" " * 80, "\n\n\n", "\r\n\r\n", "\u3000\u2003\xa0", " \u200b ", "\ufeff", "\ufeffstart", "a" + " " * 90 + "b")


def controls():
    for code in [*range(0x20), *range(0x7F, 0xA0)]:
        control = chr(code)
        yield from (f"a{control}b'{control}s", f"{control}{control} 1{control}!")


def digits():
    for zero in ZEROS:
        text = "".join(chr(zero + step) for step in range(10))
        yield from (text[:6], f"{text[7]}x{text[1]}{text[0]} {text[3]}.{text[9]}{text[8]}")
    for start in NUMBERS:
        yield "".join(chr(start + step) for step in range(8))


def mathematical_letters():
    for start in range(0x1D400, 0x1D7CC, 26):
        alphabet = "".join(map(chr, range(start, start + 26)))
        yield from (alphabet[:9], f"{alphabet[3]}{alphabet[14]}{alphabet[6]} {alphabet[-3]}2 is {alphabet[11]}'s")
    for start in (0x2100, 0x2110, 0x2120, 0x2130, 0x2140, 0x249C, 0x24B6, 0x24D0, 0xFF21, 0xFF41, 0xFF66, 0x1F110, 0x1F130, 0x1F150, 0x1F170, 0x1EE00, 0x1D2C, 0x1D62, 0x2090):
        yield "".join(map(chr, range(start, start + 10)))


def ligatures():
    for index, text in enumerate(LIGATURES):
        yield from (f"{text}x o{text}", unicodedata.normalize("NFKC", text) + f" {text}{LIGATURES[index - 1]}'s")
    for start in range(0x3300, 0x3400, 32):
        yield " ".join(map(chr, range(start, start + 32, 4)))
    for start in [*range(0xF900, 0xFB00, 64), *range(0x2F800, 0x2FA1E, 64)]:
        yield "".join(map(chr, range(start, start + 30, 3)))


def punctuation():
    yield from PUNCTUATION
    signs = "!?.,;:'\"-_/\\|()[]{}<>@#$%^&*+=~`"
    for index, sign in enumerate(signs):
        yield from (sign * (index + 1), f"a{sign}{signs[index - 3]}b {sign}'s {sign}{sign}1")
    for start in [*range(0xA1, 0xC0, 10), *range(0x2010, 0x2060, 10), *range(0x20A0, 0x20C0, 8), *range(0x2190, 0x2C00, 160), *range(0x2E00, 0x2E50, 16), 0x3008, 0xFE10, 0xFE30, 0xFF01]:
        yield f"x{''.join(map(chr, range(start, start + 8)))}y {chr(start)}"


def special_tokens():
    yield from SPECIAL
    for index, around in enumerate(["é", "e\u0301", " ", "\n", "'", "'s", "1", "!", "漢", "😀", "<", "|", ">", "<|", "\x00", "\u200b"]):
        name = (START, END)[index % 2]
        yield from (f"{around}{name}{around}", f"a{around}{name.upper()}{around}b {around}{name.title()}")


def mixed():
    for index, text in enumerate(LANGUAGES):
        others = [LANGUAGES[(index * 5 + step) % len(LANGUAGES)].split()[0] for step in (3, 17)]
        yield f"{others[0]}{CLASSES[index % len(CLASSES)]}{others[1]} {text.split()[-1]}{SYMBOLS[index % len(SYMBOLS)]}{index}"


def long():
    yield from ("word " * 100, "漢字" * 60, "1" * 90, "!?" * 80, "'s" * 50, "x" * 500, "👍🏽 " * 40, f"{END} " * 80)
    yield from (" ".join(SENTENCES[index : index + 6]) for index in range(0, 60, 6))
    for index, text in enumerate(LANGUAGES[::6]):
        yield f"{text} " * (4 + index % 9)
    for count in (*range(13, 16), *range(74, 78)):
        yield from ("a " * count, "1" * count + END, "한" * count)
    yield from ("e\u0301" * 100, "a" + "\u0301\u0323" * 60, "İ" * 40, "Σ" * 60, "\u200d" * 60, "a photo of a cat, " * 20)


def code_points():
    """Scalars in even steps through the letters and symbols of all planes, eight per text."""
    scalars = [code for code in range(0xA0, 0x3400, 23)]
    scalars += [*range(0xA000, 0xAC00, 41), *range(0xD7A4, 0xD800, 11), *range(0xF900, 0x10000, 61)]
    scalars += [*range(0x10000, 0x13000, 61), *range(0x16000, 0x19000, 211), *range(0x1AFF0, 0x20000, 61)]
    scalars += [*range(0x2A6D0, 0x33500, 3001), *range(0xE0000, 0xE0200, 97), 0x10FFFE]
    for start in range(0, len(scalars), 8):
        yield "".join(f"{chr(code)}{' a1'[code % 3]}" for code in scalars[start : start + 8])


def mark_orders():
    marks = [*range(0x300, 0x370), *range(0x591, 0x5BE), *range(0x64B, 0x660), 0x93C, 0x94D, 0x9BE, 0xE38, 0xE48, 0xF71, 0xF72, 0xF74, 0x3099, 0x309A, *range(0x1DC0, 0x1DCB), 0x20D0, 0x20E3, 0x302A, 0x1D165, 0x1D16D, 0x110BA]
    bases = "aeoAEOαωΑΩиИеקשوककোかハᄀ가ཀ\U00011099\U0001d158 1!"
    chance = random.Random(15)
    for _ in range(100):
        runs = [chance.choice(bases) + "".join(chr(chance.choice(marks)) for _ in range(chance.randrange(1, 5))) for _ in range(3)]
        yield "".join(runs)


def random_texts(texts):
    chance = random.Random(20240415)
    alphabet = sorted(set("".join(texts)))
    for _ in range(90):
        yield "".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 40)))


def texts_by_kind():
    """All texts, each once, in a fixed order."""
    kinds = {
        "captions": captions(), "sentences": SENTENCES, "accents": accents(), "contractions": contractions(), "emoji": emoji(),
        "languages": languages(), "Hangul": hangul(), "Greek": greek(), "Turkish": turkish(), "white space": white_space(),
        "controls": controls(), "digits": digits(), "mathematical letters": mathematical_letters(), "ligatures": ligatures(),
        "punctuation": punctuation(), "special tokens": special_tokens(), "code": CODE, "mixed scripts": mixed(),
        "long": long(), "code points": code_points(), "mark orders": mark_orders(),
    }
    seen = {}
    for kind, texts in kinds.items():
        for text in texts:
            seen.setdefault(text, kind)
    for text in random_texts(SENTENCES + LATIN + GREEK + TURKISH + LANGUAGES):
        seen.setdefault(text, "random")
    by_kind = {}
    for text, kind in seen.items():
        by_kind.setdefault(kind, []).append(text)
    return by_kind
