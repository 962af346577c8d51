"""Make the model of `sanshen proof` out of texts, a list of words and the Unihan database.

    python -m tools.proof_model --texts LAWS --words dict.txt --unihan UNIHAN \
        --parts chaizi-jt.txt --output proof/zh.model

`--texts` is a folder of `.md` and `.txt` files, `--words` the dictionary of jieba (word, count),
`--unihan` a folder of `Unihan_*.txt` or `Unihan_*.txt.bz2`, `--parts` the table of parts of
characters of kaifangcidian.com. Decision 0051 names the sources and
their licences. `pipeline/parts/proofreading/proofreading.py` reads the file and describes its form.
"""

import argparse
import bz2
import json
import math
import re
import struct
import unicodedata
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from pipeline.parts.proofreading.proofreading import BITS, MAGIC, STEPS, WORD, hashed, packed

FEWEST = {1: 1, 2: 2, 3: 3, 4: 5}
"""Length of a sequence of characters → the smallest count that stays."""
FEWEST_OF_WORD = 10
LONGEST_WORD = 6
SHARED_PART = 80
"""A part of more characters than this, such as 氵, makes none of them look like another."""
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def lines_of(folder: Path) -> Iterator[str]:
    """Every distinct line with Chinese in it: versions of one law count once."""
    seen = set()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".md", ".txt")):
        for line in path.read_text("utf-8", errors="replace").splitlines():
            plain = unicodedata.normalize("NFKC", re.sub(r"^[#>*\- ]+", "", line)).strip()
            if len(plain) >= 4 and HAN.search(plain) and plain not in seen:
                seen.add(plain)
                yield plain


def unihan(folder: Path) -> dict[str, dict[str, str]]:
    """Character → key → value, of every key of the database."""
    table_of_keys: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted(folder.glob("Unihan_*.txt*")):
        raw = path.read_bytes()
        text = (bz2.decompress(raw) if path.suffix == ".bz2" else raw).decode()
        for line in text.splitlines():
            if line.startswith("U+"):
                code, key, value = line.split("\t")
                table_of_keys[chr(int(code[2:], 16))][key] = value
    return table_of_keys


def readings(keys: dict[str, str]) -> list[str]:
    """Usual readings without tones, `v` for ü."""
    given = keys.get("kMandarin", "").split()[:1]
    given += [
        m[1] for m in re.finditer(r"(\w+)\((\d+)\)", keys.get("kHanyuPinlu", "")) if int(m[2]) > 4
    ]
    given += [
        r for m in re.finditer(r":([^ ]+)", keys.get("kTGHZ2013", "")) for r in m[1].split(",")
    ]
    return sorted({_plain(r) for r in given})


def _plain(reading: str) -> str:
    marked = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in marked if not unicodedata.combining(c))


def parts_of(path: Path) -> dict[str, list[set[str]]]:
    """Character → each way to take it apart."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return {row[0].strip(): [set(way.split()) for way in row[1:]] for row in rows if len(row) > 1}


def look_alikes(
    keys: dict[str, dict[str, str]], parts: dict[str, list[set[str]]]
) -> dict[str, set[str]]:
    """The same corners or rare part, one sign of the Cangjie code apart, one phonetic series."""
    shelves: dict[tuple[str, int], list[str]] = defaultdict(list)
    for char, own in keys.items():
        for mark in {*_marks(own), *_part_marks(char, parts.get(char, []))}:
            shelves[mark].append(char)
    strokes = {c: int(k.get("kTotalStrokes", "0").split()[0]) for c, k in keys.items()}
    alike: dict[str, set[str]] = {c: set() for c in keys}
    for (shared, apart), chars in shelves.items():
        if shared.startswith("part ") and len(chars) > SHARED_PART:
            continue
        for char in chars:
            alike[char].update(d for d in chars if 0 <= abs(strokes[d] - strokes[char]) <= apart)
    return {c: others - {c} for c, others in alike.items()}


def _part_marks(char: str, ways: list[set[str]]) -> Iterator[tuple[str, int]]:
    """The character, its parts, and every two of them, which may be common parts."""
    yield "part " + char, 99
    for way in ways:
        signs = sorted(way - set("一丨丶丿"))
        yield from (("part " + sign, 99) for sign in signs)
        yield from (("two parts " + a + b, 99) for a in signs for b in signs if a < b)


def _marks(keys: dict[str, str]) -> Iterator[tuple[str, int]]:
    """(what look-alikes share, strokes by which they may differ)"""
    if "kFourCornerCode" in keys:
        yield "corners " + keys["kFourCornerCode"][:4], 3
    code = keys.get("kCangjie", "")
    if len(code) > 1:
        yield "code " + code, 3
        for i in range(len(code) + 1):
            yield f"code {code[:i]}?{code[i:]}", 3
            if i < len(code):
                yield f"code {code[:i]}?{code[i + 1 :]}", 3
    for series in keys.get("kPhonetic", "").split():
        yield "series " + series.strip("*"), 6


def counted(
    lines: Iterable[str], words: Iterable[tuple[str, int]], ids: dict[str, int]
) -> dict[int, dict[int, float]]:
    """Length → packed sequence → count; a word counts by a damped share of its own count."""
    counts: dict[int, dict[int, float]] = {n: defaultdict(float) for n in (1, 2, 3, 4)}
    for line in lines:
        _count(counts, packed(line, ids), 1.0)
    for n, least in FEWEST.items():
        counts[n] = {k: v for k, v in counts[n].items() if v >= least}
    for word, count in words:
        _count(counts, packed(word, ids)[1:-1], min(count, 1000) ** 0.7 if word[1:] else count**0.7)
    return counts


def _count(counts: dict[int, dict[int, float]], signs: list[int], weight: float) -> None:
    for n, held in counts.items():
        for i in range(len(signs) - n + 1):
            key = 0
            for sign in signs[i : i + n]:
                key = key << BITS | sign
            held[key] = held.get(key, 0.0) + weight


def table(counts: Iterable[tuple[int, float]]) -> bytes:
    """Sorted hashes as differences, then a byte each: the logarithm of the count in steps."""
    largest: dict[int, int] = {}
    for key, count in counts:
        mark = hashed(key)
        largest[mark] = max(largest.get(mark, 0), round(math.log(count) * STEPS))
    marks = sorted(largest)
    steps = array("I", [b - a for a, b in pairwise([0, *marks])])
    # Byte planes: the high bytes of all differences stand together and compress to nothing.
    planes = b"".join(steps.tobytes()[i::4] for i in range(4))
    return struct.pack("<I", len(marks)) + planes + bytes(largest[m] for m in marks)


def main() -> None:
    """Read the sources, write the model, say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--texts", "--words", "--unihan", "--parts", "--output"):
        parser.add_argument(name, type=Path, required=True)
    given = parser.parse_args()
    keys = {c: k for c, k in unihan(given.unihan).items() if "kTGH" in k or "kHanyuPinlu" in k}
    chars = sorted(keys)
    ids = {c: i for i, c in enumerate(chars, 2)}
    rows = (line.split() for line in given.words.read_text("utf-8").splitlines())
    words = [
        (r[0], int(r[1])) for r in rows if len(r[0]) <= LONGEST_WORD and all(c in ids for c in r[0])
    ]
    counts = counted(lines_of(given.texts), [w for w in words if w[1] >= 3], ids)
    frequent = [(w, n) for w, n in words if n >= FEWEST_OF_WORD and len(w) > 1]
    alike = look_alikes(keys, parts_of(given.parts))
    head = {
        "characters": "".join(chars),
        "readings": [" ".join(readings(keys[c])) for c in chars],
        "shapes": ["".join(sorted(alike[c])) for c in chars],
        "total": sum(counts[1].values()),
    }
    tables = [table(counts[n].items()) for n in (1, 2, 3, 4)]
    tables.append(table((_key(w, ids), float(n)) for w, n in frequent))
    header = json.dumps(head, ensure_ascii=False).encode()
    body = b"".join([struct.pack("<I", len(header)), header, *tables])
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_bytes(MAGIC + zlib.compress(body, 9))
    print(
        {n: len(c) for n, c in counts.items()}, len(frequent), "words", given.output.stat().st_size
    )


def _key(word: str, ids: dict[str, int]) -> int:
    key = WORD
    for char in word:
        key = key << BITS | ids[char]
    return key


if __name__ == "__main__":
    main()
