"""Measure `sanshen proof` on public sets of typing errors, and on official prose without any.

    python -m tests.corpora.proof --model proof/zh.model --data DIR [--official DIR]

DIR holds `ec_law_test.tsv`, `mcsc_test.tsv` and `sighan_2015/test.tsv` (or any `*.tsv`: written,
tab, meant) as pycorrector ships them in `examples/data`. The limits were chosen on the odd lines of
EC-LAW and on the tuning half of the official prose; the even lines are reported apart.
"""

import argparse
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.parts.proofreading.proofreading import Model, Typo, slips

Pair = tuple[str, str]


class Score(NamedTuple):
    """Sums over one set; errors are characters that differ."""

    characters: int
    errors: int
    sentences: int
    spotted: int
    sentences_spotted: int
    right: int
    notes: int

    def line(self, name: str) -> str:
        wrong = self.notes - self.right
        return (
            f"{name:<22} errors {self.errors:5}  recall {self.spotted / max(1, self.errors):.3f}"
            f"  sentences {self.sentences_spotted / max(1, self.sentences):.3f}"
            f"  precision {self.right / max(1, self.notes):.3f}"
            f"  false notes/1,000 {1000 * wrong / self.characters:.2f}"
            f"  notes/1,000 {1000 * self.notes / self.characters:.2f}"
        )


def score(pairs: Sequence[Pair], model: Model, shown: list[str] | None = None) -> Score:
    """A note is right when a wrong character lies inside it, or just beside it."""
    total = Score(0, 0, 0, 0, 0, 0, 0)
    for written, meant in pairs:
        errors = {i for i, (a, b) in enumerate(zip(written, meant, strict=False)) if a != b}
        notes = slips(written, model)
        hit = {i for i in errors if any(n.start <= i < n.end for n in notes)}
        right = [n for n in notes if any(n.start <= i < n.end for i in errors)]
        if shown is not None:
            shown += [_shown(written, n) for n in notes if n not in right]
        one = (len(written), len(errors), bool(errors), len(hit), bool(hit), len(right), len(notes))
        total = Score(*(a + b for a, b in zip(total, one, strict=True)))
    return total


def _shown(text: str, note: Typo) -> str:
    before, behind = text[max(0, note.start - 6) : note.start], text[note.end : note.end + 6]
    words = text[note.start : note.end]
    return f"{note.gain:5.1f} {note.reason:8} {before}[{words}→{note.suggestion}]{behind}"


def pairs_of(path: Path) -> list[Pair]:
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [(r[0], r[1]) for r in rows if len(r) > 1]


def official(folder: Path) -> Iterator[Pair]:
    """Passages of the outside corpus that hold no typing error by purpose."""
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in ("near_miss", "protected_term"):
            for line in path.read_text("utf-8").splitlines():
                row = json.loads(line)
                text = row.get("text") or row.get("body")
                if isinstance(text, str):
                    text = re.sub(r"\{[^}]*\}", "000", text)
                    yield text, text


def disturbed(pairs: Sequence[Pair], kind: str) -> Iterator[tuple[str, int]]:
    """Right sentences with one character doubled, or exchanged with the next."""
    chance = random.Random(kind)
    for _, text in pairs:
        offsets = [m.start() for m in re.finditer(r"[\u4e00-\u9fff](?=[\u4e00-\u9fff]{3})", text)]
        if offsets:
            at = chance.choice(offsets) + 1
            one, other = text[at], text[at + 1]
            if one != other:
                put = one + one + other if kind == "doubled" else other + one
                yield text[:at] + put + text[at + 2 :], at


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("proof/zh.model"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--official", type=Path)
    parser.add_argument("--show", action="store_true", help="print every false note")
    given = parser.parse_args()
    start = time.process_time()
    model = Model(given.model.read_bytes())
    print(f"loading {time.process_time() - start:.2f} s")
    sets: dict[str, Sequence[Pair]] = {}
    for path in sorted(given.data.rglob("*.tsv")):
        sets[path.stem if path.stem != "test" else path.parent.name] = pairs_of(path)
    for name in [n for n in sets if n.startswith("ec_law")]:
        sets[f"{name} odd (tuned)"], sets[f"{name} even"] = sets[name][::2], sets[name][1::2]
    if given.official:
        sets["official prose"] = list(official(given.official))
    for name, pairs in sets.items():
        shown: list[str] | None = [] if given.show else None
        start = time.process_time()
        result = score(pairs, model, shown)
        taken = time.process_time() - start
        print(result.line(name), f" {1500 * taken / result.characters:.2f} s/1,500")
        print(*(shown or ()), sep="\n", end="\n" if shown else "")
        if name.startswith("ec_law") and name.endswith("even"):
            for kind in ("doubled", "swapped"):
                made = list(disturbed(pairs, kind))
                hits = sum(
                    any(n.start <= at + 1 and at <= n.end for n in slips(t, model))
                    for t, at in made
                )
                print(f"  {kind}: {hits / len(made):.3f} of {len(made)}")


if __name__ == "__main__":
    main()
