"""``python -m tests.corpora.precision``: precision and recall of every detector on its corpus.

A corpus (tests/corpora/<detector>.jsonl) holds labelled sentences, half of them negative, and hard.
The figures say how the detectors do on these sentences, not on all Chinese.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pipeline.program  # noqa: F401 - puts the program together
from benchmarks.measure import table as markdown
from pipeline.detect.alerts import wrong_pairs, wrong_turns
from pipeline.detect.facts import wrong_classes, wrong_dates
from pipeline.detect.links import target
from pipeline.detect.private import private_data
from pipeline.detect.reprint import changed_sentences, likeness
from pipeline.detect.secrets import secrecy_marks, secrets
from pipeline.detect.terms import protected
from pipeline.detect.titles import missing_claims
from pipeline.detect.typography import slips, wrong_document_numbers
from pipeline.detect.words import PLAIN_WRONG, Hit, intents, lexicon
from pipeline.model.documents import Document
from pipeline.model.records import Fact
from pipeline.model.registers import NO_REGISTERS, Department
from pipeline.render.archive import html_pieces
from pipeline.source.content.shipped_lists import with_shipped
from pipeline.source.content.text import read_yaml
from tests.corpora.fictional import fill
from tests.corpora.stored import HERE, read

CONTENT = Path(__file__).parents[2] / "content"
ALIKE = 0.98
"""Likeness below which a reprint is distorted (reprint.body_min)."""
OTHERS = frozenset(
    (
        "landline", "passport", "permit", "plate", "email", "messenger", "address", "name", "birth",
        "minor", "weak-mask",
    )
)  # fmt: skip
"""Kinds of private data that share one corpus."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Figures:
    """How a detector did on a corpus."""

    rows: int
    right: int
    """Found, and rightly."""
    found: int
    there: int
    """What ought to be found."""
    wrong: tuple[Row, ...]
    """Sentences judged otherwise than they are labelled."""

    @property
    def precision(self) -> float:
        """Rightly found of all found; 1 where nothing is."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Rightly found of what ought to be; 1 where nothing ought to."""
        return self.right / self.there if self.there else 1.0


def entries(name: str) -> tuple[Fact, ...]:
    """The demo's entries of a register, and those of the program's own list."""
    path = f"content/registers/{name}.yml"
    rows = _read(path)[name] if (CONTENT.parent / path).exists() else ()
    own = (Fact(name, entry["id"], entry, Document(path)) for entry in rows)
    return with_shipped(name, tuple(own))


def _read(path: str) -> Any:
    return read_yaml(path, (CONTENT.parent / path).read_bytes(), "R13-2").value


WORDS = entries("lexicons")
DEMO = replace(
    NO_REGISTERS,
    policy=replace(NO_REGISTERS.policy, unit=_read("content/policy.yml")["unit"]),
    departments={
        d.id: Department(d.id, d["name"], d["lead"], tuple(d["aliases"]))
        for d in entries("departments")
    },
    entries={"terms": entries("terms"), "lexicons": WORDS},
)
"""The demo's governance, as far as detectors read it."""
TERMS = protected(DEMO)


def _hits(text: str) -> tuple[Hit, ...]:
    listed = lexicon(WORDS).find(text)
    return (*listed, *intents(text, listed))


def _words(row: Row) -> bool:
    return any(
        not hit.context or (hit.entry["category"] in PLAIN_WRONG and hit.context != "quoted")
        for hit in _hits(row["text"])
    )


def _distorted(row: Row) -> bool:
    alike = likeness(row["text"], row["other"])
    changes = changed_sentences(row["text"], row["other"])
    return alike < ALIKE or any(c.lost or c.gained for c in changes)


def _certain(*kinds: str) -> Callable[[Row], bool]:
    return lambda row: any(f.kind in kinds and f.certain for f in private_data(fill(row["text"])))


DETECTORS: dict[str, Callable[[Row], bool]] = {
    "terms": lambda row: bool(TERMS.find(row["text"])), "words": _words,
    "dates": lambda row: bool(wrong_dates(row["text"], date.fromisoformat(row["near"]))),
    "document_numbers": lambda row: bool(wrong_document_numbers(row["text"])),
    "accidents": lambda row: bool(wrong_classes(row["text"])),
    "alerts": lambda row: bool(wrong_pairs(row["text"]) or wrong_turns(row["text"])),
    "title_numbers": lambda row: bool(missing_claims(row["title"], row["text"])),
    "typography": lambda row: bool(slips(row["text"])),
    "links": lambda row: bool(target(row["text"]).faults), "similarity": _distorted,
    "identity": _certain("identity"), "mobile": _certain("mobile"),
    "bank_card": _certain("bank-card"),
    "private_other": lambda row: any(f.kind in OTHERS for f in private_data(fill(row["text"]))),
    "secrets": lambda row: any(f.certain for f in secrets(fill(row["text"]))),
    "secrecy": lambda row: any(f.certain for f in secrecy_marks(fill(row["text"]))),
}  # fmt: skip
"""Corpus → whether its detector finds something in a row."""


def _private(*kinds: str) -> Callable[[Row], bool]:
    """Whether a person is shown private data of these kinds, refused or noted."""
    return lambda row: any(f.kind in kinds for f in private_data(fill(row["text"])))


def _of(*categories: str) -> Callable[[Row], bool]:
    """Whether words of these categories are found outside quotations and prohibitions."""
    return lambda row: any(
        hit.entry["category"] in categories and not hit.context for hit in _hits(row["text"])
    )


OUTSIDE_FOLDER = HERE / "outside"
OUTSIDE: dict[str, Callable[[Row], bool]] = {
    "accident_class": DETECTORS["accidents"], "advertising": _of("advertising", "profit"),
    "alert_level": DETECTORS["alerts"], "bank_card": DETECTORS["bank_card"],
    "body_html": lambda row: any(html_pieces(row["text"])), "credential": DETECTORS["secrets"],
    "document_number": DETECTORS["document_numbers"],
    "entertainment": _of("entertainment", "vulgar"),
    "forced_following": _of("forced-sharing", "precondition"), "home": _private("address"),
    "identity": _certain("identity", "identity-old"), "mobile": DETECTORS["mobile"],
    "near_miss": _private("identity", "mobile", "bank-card"), "opinion": _of("personal", "emotion"),
    "passport": _private("passport", "permit"), "plate": _private("plate"),
    "protected_term": DETECTORS["terms"], "secrecy": DETECTORS["secrecy"],
    "title_body": DETECTORS["title_numbers"], "victim_name": _private("name", "minor", "birth"),
    "weekday": DETECTORS["dates"],
}  # fmt: skip
"""Kind of passage (tests/corpora/outside) → whether the detectors find it in a row."""


@cache
def outside(half: str) -> dict[str, Figures]:
    """The figures by kind on one half of the outside corpus: ``tuning`` or ``untouched``, or on
    ``second`` and ``third``, which have some kinds."""
    return {
        kind: measured(detector, read(f"outside/{half}/{kind}"))
        for kind, detector in OUTSIDE.items()
        if (OUTSIDE_FOLDER / half / f"{kind}.jsonl").exists()
    }


@cache
def on_own(name: str) -> Figures:
    """How a detector of DETECTORS does on its own corpus."""
    return measured(DETECTORS[name], read(name))


def measured(detector: Callable[[Row], bool], rows: Iterable[Row]) -> Figures:
    """How one detector does on labelled rows."""
    judged = [(row, detector(row)) for row in rows]
    right = sum(found and row["expect"] for row, found in judged)
    wrong = tuple(row for row, found in judged if found != row["expect"])
    there = sum(row["expect"] for row, _ in judged)
    return Figures(len(judged), right, sum(found for _, found in judged), there, wrong)


OWN = {
    "accident_class": "accidents", "advertising": "words", "alert_level": "alerts",
    "bank_card": "bank_card", "credential": "secrets", "document_number": "document_numbers",
    "entertainment": "words", "forced_following": "words", "home": "private_other",
    "identity": "identity", "mobile": "mobile", "opinion": "words", "passport": "private_other",
    "plate": "private_other", "protected_term": "terms", "secrecy": "secrecy",
    "title_body": "title_numbers", "victim_name": "private_other", "weekday": "dates",
}  # fmt: skip
"""Kind of passage → the project's own corpus that has such sentences; several kinds share one."""
HALVES = ("tuning", "untouched")


def compared() -> dict[str, dict[str, Figures]]:
    """Corpus (``own``, then the halves of the outside one) → kind → figures."""
    corpora = {name: on_own(name) for name in DETECTORS}
    own = {kind: corpora[name] for kind, name in OWN.items()}
    return {"own": own} | {
        half: outside(half) for half in HALVES if (OUTSIDE_FOLDER / half).exists()
    }


def total(figures: Mapping[str, Figures]) -> tuple[int, float, float]:
    """(passages, precision, recall) over all kinds of one corpus."""
    each = figures.values()
    found, right, there = (sum(getattr(f, n) for f in each) for n in ("found", "right", "there"))
    return sum(f.rows for f in each), right / found if found else 1.0, right / there


def section() -> str:
    """A heading and the Markdown tables of all detectors."""
    told = (
        "## Detectors\n\nOwn sentences (tests/corpora) were made by the project, and detectors and "
        "lexicons were tuned on them: floors that a test holds at 0.98, no promise about texts "
        "from elsewhere. Outside passages were typed by an author who had not seen the detectors; "
        "work on these read one half and never the other. Precision / recall (passages):\n"
    )
    return f"{told}\n{side_by_side()}\n\n{table()}"


def side_by_side() -> str:
    """One Markdown table: kind → precision / recall on own sentences and on each half."""
    all_figures = compared()

    def cell(figures: Mapping[str, Figures], kind: str) -> str:
        f = figures.get(kind)
        return f"{f.precision:.3f} / {f.recall:.3f} ({f.rows})" if f else "—"

    rows = [(kind, *(cell(f, kind) for f in all_figures.values())) for kind in OUTSIDE]
    halves = {name: total(f) for name, f in all_figures.items() if name != "own"}
    rows.append(("all", "", *(f"{p:.3f} / {r:.3f} ({n})" for n, p, r in halves.values())))
    return markdown(f"kind | {' | '.join(all_figures)}", rows)


def table() -> str:
    """One Markdown table of all detectors on their own corpora."""
    found = [(name, on_own(name)) for name in DETECTORS]
    rows = [(name, f.rows, f"{f.precision:.3f}", f"{f.recall:.3f}") for name, f in found]
    return markdown("detector | sentences | precision | recall", rows)


if __name__ == "__main__":
    print(table(), side_by_side(), sep="\n\n")
