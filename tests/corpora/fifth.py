"""``python -m tests.corpora.fifth FOLDER``: what a writer is told of passages, by kind.

FOLDER holds a file KIND.jsonl a kind, as the outside corpora do. Each row is a draft of the demo's
bureau; what counts is what the clauses say of the matter, refused, held or noted.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import table
from pipeline.detect.private import PRIVATE_KINDS
from pipeline.model.archive import Mode
from pipeline.model.findings import Complaint
from pipeline.model.law import Rule
from pipeline.rules import (
    a09_reposts,
    a10_quality,
    a13_content_safety,
    a15_confirmation,
    a16_conduct,
)
from pipeline.rules.a13_content_safety.text import SECRETS
from tests.corpora.fictional import fill
from tests.corpora.precision import DEMO, Figures, Row, entries, measured, total
from tests.corpora.stored import rows_of
from tests.rules.builders import archive, complaints, post, registers

GOVERNED = replace(
    (here := registers()),
    policy=replace(here.policy, unit=DEMO.policy.unit),
    entries={**here.entries, **DEMO.entries, "public-numbers": entries("public-numbers")},
)
"""The registers of the rules' tests with the demo's names and the program's lists."""
Matter = Callable[[Complaint], bool]


def _of(rule: Rule, number: int, matter: Matter = lambda _: True) -> Callable[[Row], bool]:
    """Whether the clauses of a number say something of a matter to who writes a row."""

    def look(row: Row) -> bool:
        more = {key: row[key] for key in ("title", "kind") if key in row}
        draft = post(body=fill(row["text"]), **more)
        standing = archive(draft, mode=Mode.DRAFT, registers=GOVERNED)
        return any(map(matter, complaints(rule, number, draft, standing)))

    return look


def _named(*names: str) -> Matter:
    """`names`: of findings, or how they begin."""
    return lambda complaint: complaint.name.startswith(names)


def _shows(what: Collection[object]) -> Matter:
    return lambda complaint: any(value in what for _, value in complaint.message.values)


def _private(*kinds: str) -> Callable[[Row], bool]:
    return _of(a13_content_safety.RULE, 10, _shows([PRIVATE_KINDS[kind] for kind in kinds]))


def _either(*looks: Callable[[Row], bool]) -> Callable[[Row], bool]:
    return lambda row: any(look(row) for look in looks)


LOOKS: Mapping[str, Callable[[Row], bool]] = {
    "accident_class": _of(a10_quality.RULE, 1, _named("accident-class-wrong")),
    "advertising": _either(_of(a13_content_safety.RULE, 2), _of(a16_conduct.RULE, 4)),
    "alert_level": _of(a10_quality.RULE, 1, _named("level-colour-mismatch", "warning-")),
    "bank_card": _private("bank-card"),
    "child": _either(
        _of(a13_content_safety.RULE, 10, _named("child-identified")), _private("minor")
    ),
    "credential": _of(a13_content_safety.RULE, 3, _shows([*SECRETS.values()])),
    "credit": _of(a09_reposts.RULE, 2),
    "document_number": _of(a10_quality.RULE, 1, _named("document-")),
    "entertainment": _of(a15_confirmation.RULE, 3),
    "forced_following": _either(_of(a16_conduct.RULE, 2), _of(a16_conduct.RULE, 3)),
    "home": _private("address"),
    "identity": _private("identity", "identity-old"),
    "misfit": _of(a10_quality.RULE, 1, _named("kind-differs", "kind-unsupported")),
    "mobile": _private("mobile"),
    "opinion": _of(a13_content_safety.RULE, 6),
    "passport": _private("passport", "permit"),
    "plate": _private("plate"),
    "protected_term": _of(a15_confirmation.RULE, 2, _named("term-misspelt", "words-listed")),
    "public_number": _of(a10_quality.RULE, 1, _named("number-of-another")),
    "secrecy": _of(
        a13_content_safety.RULE, 3, _named("secrecy-mark-shown", "internal-material-mentioned")
    ),
    "title_body": _of(a10_quality.RULE, 1, _named("title-number-missing")),
    "typo": _either(
        _of(a10_quality.RULE, 1, _named("word", "measure-unfit")),
        _of(a15_confirmation.RULE, 2, _named("term-misspelt", "words-listed")),
    ),
    "victim_name": _private("name", "minor", "birth"),
    "weekday": _of(a10_quality.RULE, 1, _named("weekday-wrong", "date-impossible")),
}
"""Kind of passage → whether who writes it is told of a fault of that kind."""


def scored(folder: Path) -> Mapping[str, Figures]:
    """The figures of a folder by kind."""
    kinds = sorted(path.stem for path in folder.glob("*.jsonl"))
    return {kind: measured(LOOKS[kind], rows_of(folder / f"{kind}.jsonl")) for kind in kinds}


def report(figures: Mapping[str, Figures]) -> str:
    """One Markdown table: kind, rows, precision and recall, and of all together."""
    parts: Iterable[tuple[str, int, float, float]] = (
        *((kind, f.rows, f.precision, f.recall) for kind, f in figures.items()),
        ("all", *total(figures)),
    )
    rows = [(kind, n, f"{p:.3f}", f"{r:.3f}") for kind, n, p, r in parts]
    return table("kind | rows | precision | recall", rows)


if __name__ == "__main__":
    print(report(scored(Path(sys.argv[1]))))
