"""``python -m tests.corpora.fourth``: the fourth lot of outside passages, by kind.

What a rule decides and no detector alone (a kind against its content, a credit line) is asked of
the rule, of a draft of the demo's bureau.
"""

from collections.abc import Callable, Mapping

from benchmarks.measure import table
from pipeline.detect.folding import flat
from pipeline.detect.private_names import pupils
from pipeline.detect.public_numbers import wrong_numbers
from pipeline.detect.words import lexicon
from pipeline.model.archive import Mode
from pipeline.model.findings import Effect
from pipeline.rules import a09_reposts, a10_quality
from pipeline.source.content.shipped_lists import shipped
from tests.corpora.precision import OUTSIDE, WORDS, Figures, Row, measured, total
from tests.corpora.stored import HERE, read
from tests.rules.builders import archive, complaints, post

NUMBERS = shipped("public-numbers")


def _worded(row: Row) -> bool:
    hits = lexicon(WORDS).find(row["text"])
    return any(hit.entry["category"] == "wording" for hit in hits)


def _misfit(row: Row) -> bool:
    subject = post(title=row["title"], body=row["text"], kind=row["kind"])
    found = complaints(a10_quality.RULE, 1, subject, archive(subject, mode=Mode.DRAFT))
    return any(c.effect is Effect.REFUSE and "of the kind" in str(c.message) for c in found)


def _credited(row: Row) -> bool:
    subject = post(body=row["text"])
    return bool(complaints(a09_reposts.RULE, 2, subject, archive(subject, mode=Mode.DRAFT)))


LOOKS: Mapping[str, Callable[[Row], bool]] = {
    **OUTSIDE,
    "protected_term": lambda row: OUTSIDE["protected_term"](row) or _worded(row),
    "public_number": lambda row: any(wrong_numbers(row["text"], NUMBERS)),
    "child": lambda row: any(pupils(flat(row["text"]).text)),
    "misfit": _misfit,
    "credit": _credited,
}  # fmt: skip
"""Kind of passage → whether a fault of that kind is seen in a row."""


def fourth() -> dict[str, Figures]:
    """The figures by kind."""
    kinds = sorted(path.stem for path in (HERE / "outside" / "fourth").glob("*.jsonl"))
    return {kind: measured(LOOKS[kind], read(f"outside/fourth/{kind}")) for kind in kinds}


if __name__ == "__main__":
    figures = fourth()
    rows = [(k, f.rows, f"{f.precision:.3f}", f"{f.recall:.3f}") for k, f in figures.items()]
    passages, precision, recall = total(figures)
    rows.append(("all", passages, f"{precision:.3f}", f"{recall:.3f}"))
    print(table("kind | passages | precision | recall", rows))
