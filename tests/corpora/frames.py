"""Makes the labelled corpora of words and facts: ``python -m tests.corpora.frames``.

Every line of a corpus is one JSON object: what the detector reads, `expect` (whether it ought to
find something), and `why` (the kind of case). The makers are deterministic; the stored files are
what is measured.
"""

import importlib
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Row = dict[str, Any]

PLACES = (
    "岚城区",
    "云麓区",
    "青峪县",
    "柏川县",
    "石壑县",
    "望岭县",
    "开发区",
    "城东街道",
    "山口镇",
)
DAYS = ("今天上午", "昨日", "近日", "本周", "11月以来", "入冬以来", "前不久", "上周末", "节前")


def row(expect: bool, why: str, text: str, **more: Any) -> Row:
    return {"text": text, **more, "expect": expect, "why": why}


def mixed(
    rng: random.Random, frames: Sequence[str], words: Iterable[str], expect: bool, why: str
) -> list[Row]:
    """Each word in a frame of its own turn, place and day drawn; ``{}`` stands for the word."""
    return [
        row(
            expect,
            why,
            frames[i % len(frames)]
            .replace("{}", word)
            .replace("{place}", rng.choice(PLACES))
            .replace("{day}", rng.choice(DAYS)),
        )
        for i, word in enumerate(words)
    ]


def balanced(rng: random.Random, rows: Sequence[Row], count: int) -> list[Row]:
    """`count` rows, half of them negative, drawn without repetition and shuffled."""
    unique = list({json.dumps(r, ensure_ascii=False, sort_keys=True): r for r in rows}.values())
    good = [r for r in unique if not r["expect"]]
    bad = [r for r in unique if r["expect"]]
    half = count // 2
    if len(good) < half or len(bad) < half:
        raise ValueError(f"only {len(bad)} positive and {len(good)} negative rows")
    drawn = rng.sample(bad, half) + rng.sample(good, half)
    rng.shuffle(drawn)
    return drawn


def write(name: str, rows: Iterable[Row]) -> None:
    lines = [json.dumps(r, ensure_ascii=False) for r in rows]
    (HERE / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def read(name: str) -> list[Row]:
    """The stored corpus."""
    text = (HERE / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def main() -> None:
    """Write the corpora of every maker in this folder."""
    for path in sorted(HERE.glob("*.py")):
        module = importlib.import_module(f"tests.corpora.{path.stem}")
        makers: Mapping[str, Callable[[random.Random], list[Row]]] = getattr(module, "MAKERS", {})
        for name, make in makers.items():
            write(name, make(random.Random(name)))


if __name__ == "__main__":
    main()
