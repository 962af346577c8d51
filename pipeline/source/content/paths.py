"""What a path in an archive is for, and which names are refused (threats A17, A34)."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pipeline.model.findings import Finding, say
from pipeline.model.lazy import regex
from pipeline.source.content.text import problem

POST_ID = r"\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*"
_ACCOUNT = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_FILE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
_STEP = r"(?:1-first|2-second|3-final|4-confirm)\.json(?:\.(?:sig|tsr))?"
_YEAR = r"\d{4}"
_ANY = r"""[^\s./\\:*?"<>|\x00-\x1f\x7f][^/\\:*?"<>|\x00-\x1f\x7f]{0,79}(?<![ .])"""
"""A name in any script that every disk can hold: any other prevents a checkout."""
_DEVICE = r"(?:con|prn|aux|nul|com\d|lpt\d)"
_PLAIN = (
    "account-events|incidents|inquiries|opinions|rectifications|relays|shifts|statistics"
    "|supervisions|upstream"
)
_SIGNED = "declarations|rotations|waivers"
_LONG = r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}"
"""A name that holds that of another record."""

AREAS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (area, regex(pattern, re.ASCII))  # digits of other scripts look the same
    for area, pattern in (
        ("posts", rf"content/posts/({_YEAR})/\1-(?!.*\.{{2}}){POST_ID[6:]}/{_FILE}"),
        ("reviews", rf"content/reviews/({_YEAR})/\1-{POST_ID[6:]}/r[1-9]\d{{0,3}}/{_STEP}"),
        (
            "records",
            rf"content/records/publications/({_YEAR})/\1-\d\d-\d\d(?:-\d{{1,2}})?"
            rf"\.{_ACCOUNT}\.{POST_ID}\.json(?:\.sig)?",
        ),
        (
            "records",
            rf"content/records/corrections/({_YEAR})/\1-{POST_ID[6:]}\.r[1-9]\d{{0,3}}\.yml",
        ),
        ("records", rf"content/records/(?:{_PLAIN})/{_YEAR}/{_FILE}\.yml"),
        ("records", rf"content/records/(?:{_SIGNED})/{_YEAR}/{_FILE}\.json(?:\.sig)?"),
        ("records", rf"content/records/attestations/{_YEAR}/{_LONG}\.json(?:\.sig)?"),
        # Found by their names, years after they came: they lie in the year that these begin with.
        ("records", rf"content/records/filings/({_YEAR})/(?=\1-){_FILE}\.(?:yml|pdf|jpg|png)"),
        ("records", rf"content/records/authorisations/{_YEAR}/{_FILE}/[a-z0-9-]+\.json(?:\.sig)?"),
        ("governance", r"content/(?:policy\.yml|regulation\.md)"),
        ("governance", r"content/registers/(?:[a-z-]+\.yml|calendar/\d{4}\.yml)"),
        ("unknown", r"content(?:/.*)?"),
        ("rules", r"(?:schemas|pipeline|requirements|tests|demo|tools|benchmarks)/.*"),
        ("rules", r"pyproject\.toml|Makefile|\.ci/.*|\.git(?:attributes|ignore)"),
        # What an editor or a commit hook starts on a signer's machine.
        ("rules", r"\.vscode/.*|\.pre-commit-config\.yaml"),
        ("site", r"site/.*|mkdocs\.yml"),
        ("workflows", r"\.github/.*"),
        ("unknown", rf"docs/(?:.*/)?(?i:{_DEVICE})(?:[./].*)?"),
        ("other", rf"docs(?:/{_ANY})+|LICENSE|\.editorconfig|[A-Z-]+(?:\.zh-CN)?\.md"),
    )
)
"""First match wins; what matches nothing is ``unknown`` and refused, wherever it stands (A17)."""

DEEPEST = 40
"""Folders that a path may lie in; where there are a thousand, programs give up."""
_RESERVED = regex(rf"(?:^|/){_DEVICE}(?:\.[^/]*)?(?:/|$)", re.IGNORECASE)


IN_A_POST = say(
    "Put it right into content/posts/<year>/<id>/, where the id begins with that year; in its name"
    " use letters, digits, dots, hyphens and underscores alone, in the id small letters, digits and"
    " hyphens."
)
_ELSEWHERE = say("Remove it, or put it where the layout has a place for it.")


def area_of(path: str) -> str:
    """The area a path belongs to, as named in `Entry.area`."""
    if path.count("/") > DEEPEST:
        return "unknown"
    return next((area for area, pattern in AREAS if pattern.fullmatch(path)), "unknown")


@lru_cache(maxsize=1 << 14)
def _has_place(path: str) -> bool:
    """Whether the layout has a place for a path; each change asks again for all beside its own."""
    return area_of(path) != "unknown" and not _RESERVED.search(path) and ".." not in path


def misplaced(paths: Iterable[str]) -> tuple[str, ...]:
    """Files under content/posts/ that lie in no folder of a post, so that no post holds them."""
    return tuple(p for p in sorted(paths) if p.startswith("content/posts/") and p.count("/") < 4)


def path_problems(paths: Iterable[str]) -> Iterator[Finding]:
    """Names under content/ that some disk, browser or reader would take for something else."""
    alike: dict[str, list[str]] = {}
    for path in sorted(p for p in paths if p.startswith("content/")):
        alike.setdefault(path.casefold(), []).append(path)
        if not _has_place(path):
            yield problem(
                printable(path),
                0,
                say("This path has no place in an archive."),
                IN_A_POST if path.startswith("content/posts/") else _ELSEWHERE,
            )
    for same in alike.values():
        for path, other in zip(same, same[1:] + same[:1], strict=True):
            if path != other:
                yield problem(
                    printable(path),
                    0,
                    say("Its name differs from {other} in capitals only.", other=printable(other)),
                    say("Rename one of the two: some disks hold only one of them."),
                )


def printable(path: str) -> str:
    """A path that may be shown: bytes that are no text and control characters escaped."""
    return "".join(
        c if c.isprintable() and not 0xDC80 <= ord(c) <= 0xDCFF else f"\\x{ord(c) & 0xFFFF:02x}"
        for c in path
    )
