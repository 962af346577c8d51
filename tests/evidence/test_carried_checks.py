"""The publication records of an evidence file, by themselves: what each must say to count.

Pages and logs beside them are the subject of `tests/parts/verify_site/test_page_publications.py`.
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.bundle_checks import Trusted, check_times, counted_records
from pipeline.evidence.review.site_bundle import KeyClaim, SignedStep, SiteBundle
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.allowed_signers import Signer
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.evidence import Step
from pipeline.model.records import Publication
from tests.builders.cast import at, public_line, sign_as
from tests.builders.named import named

FILES = {"post.md": ("0" * 64, "post.md"), "a.png": ("1" * 64, "")}
ROWS = [{"name": name, "digest": {"sha256": digest}} for name, (digest, _) in FILES.items()]
SAID = {
    "archive": "a", "post": "p", "revision": 2, "account": "wx", "title": "题", "batch": "1",
    "url": "https://wechat.example/wx/1", "operator": "gly-a",
    "published_at": "2026-11-05T09:30:00+08:00", "recorded_at": "2026-11-05T09:40:00+08:00",
}  # fmt: skip
CONFIRMED, UNTIL = "2026-11-04T13:00:00+08:00", "2026-12-04T13:00:00+08:00"
Pair = tuple[bytes, bytes]


def _record(key: str = "gly-a", rows: Any = ROWS, kind: str = "publication", **said: Any) -> Pair:
    """A record as the operator signed it; a value of None is left out."""
    words = {k: v for k, v in (SAID | said).items() if v is not None}
    value = {"predicateType": f"urn:sanshen:{kind}/v1", "predicate": words, "subject": rows}
    raw = json.dumps(value, ensure_ascii=False).encode()
    return raw, sign_as(key, raw)


def _bundle(*records: Pair, confirmed: Any = None, reviewed: str = UNTIL) -> SiteBundle:
    key = verify(sign_as("gly-a", b""), b"", NAMESPACE)
    assert isinstance(key, PublicKey)
    claim = KeyClaim("gly-a", key.line, key.fingerprint, at("2026-01-01 00:00"), None, False)
    said = {"signed_at": CONFIRMED, "not_after": UNTIL} if confirmed is None else confirmed
    review = json.dumps({"predicate": {"not_after": reviewed}}).encode()
    steps = [SignedStep(step.value, review, b"") for step in Step][:3]
    confirm = SignedStep("confirm", json.dumps({"predicate": said}).encode(), b"")
    return SiteBundle("a", "p", 2, (claim,), FILES, (*steps, confirm), None, records)


def _told(*records: Pair, trusted: Trusted = None) -> tuple[list[str], list[str]]:
    """Digests of what counts, and what is said of the rest."""
    standing, problems = counted_records(_bundle(*records), trusted)
    return [record.digest for record in standing], [named(p) for p in problems]


def test_every_word_of_a_record_is_read() -> None:
    first = _record()
    other = _record(account="wb", rendition="2" * 64, reason="写错", void=True,
                    supersedes=record_digest(*first))  # fmt: skip
    (kept,), problems = counted_records(_bundle(first), None)
    key = verify(first[1], first[0], NAMESPACE)
    assert isinstance(key, PublicKey)
    assert kept == Publication(
        "publication-1.json", "p", 2, "wx", "题", "https://wechat.example/wx/1",
        at("2026-11-05 09:30"), "gly-a", "1", at("2026-11-05 09:40"),
        {"post.md": "0" * 64, "a.png": "1" * 64}, key.fingerprint, record_digest(*first),
    )  # fmt: skip
    assert problems == ()
    assert _told(first, other) == ([], [])  # taken back


def test_a_record_may_be_superseded_and_is_told_only_when_it_takes_the_place_of_none() -> None:
    wrong, right = _record(), _record(account="wb", supersedes="", batch="2")
    again = _record(account="wb", reason="写错", supersedes=record_digest(*wrong), rendition="r")
    digest = record_digest(*again)
    assert _told(wrong, again) == ([digest], [])
    (kept,), _ = counted_records(_bundle(wrong, again), None)
    assert (kept.rendition, kept.supersedes, kept.reason, kept.void) == (
        "r", record_digest(*wrong), "写错", False
    )  # fmt: skip
    assert _told(right, again) == (
        [record_digest(*right)],
        ["superseded-missing publication-2.json"],
    )


def test_every_record_is_told_of_by_its_number() -> None:
    good, other = _record(), _record(post="q")
    forged = (good[0], other[1])
    assert _told(good, forged, other, good, good) == (
        [record_digest(*good)],
        [
            "record-signature-broken publication-2.json",
            "record-of-another-post publication-3.json",
            "record-twice publication-4.json",
            "record-twice publication-5.json",
        ],
    )


UNREAD = "record-unreadable publication-1.json"
ANOTHER = "record-of-another-post publication-1.json"
INVALID = "record-key-invalid publication-1.json {}"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        *(({name: None}, UNREAD) for name in SAID),
        *(({name: 5}, UNREAD) for name in ("account", "title", "url", "operator", "batch")),
        *(({name: 5}, UNREAD) for name in ("rendition", "supersedes", "reason")),
        *(({"revision": value}, UNREAD) for value in (True, 2.0, "2")),
        *(({"void": value}, UNREAD) for value in (1, "true", [])),
        *(({"published_at": value}, UNREAD) for value in (5, "soon", "2026-11-05T09:30:00")),
        ({"published_at": "0001-12-31T00:00:00+08:00"}, UNREAD),
        ({"recorded_at": "9999-01-01T00:00:00+08:00"}, UNREAD),
        ({"archive": "b"}, ANOTHER),
        ({"post": "q"}, ANOTHER),
        ({"kind": "review"}, "record-no-publication publication-1.json"),
        ({"rows": [*ROWS, ROWS[0]]}, UNREAD),
        ({"rows": [{"name": "post.md"}]}, UNREAD),
        ({"rows": None}, UNREAD),
        ({"operator": "k" * 99}, INVALID.format("k" * 64)),
        ({"recorded_at": "2025-12-31T23:59:59+08:00"}, INVALID.format("gly-a")),
        ({"key": "kz-a"}, INVALID.format("gly-a")),
    ],
    ids=str,
)
def test_a_record_that_does_not_count(said: dict[str, Any], told: str) -> None:
    assert _told(_record(**said)) == ([], [told])


@pytest.mark.parametrize("year", ["0002", "9998"])
def test_any_time_that_has_a_day_in_shanghai_is_read(year: str) -> None:
    good = _record(published_at=f"{year}-06-01T00:00:00-12:00")
    assert _told(good) == ([record_digest(*good)], [])


@pytest.mark.parametrize("raw", [b"", b"[]", b"5", b'{"predicate": 1}', b'{"predicateType": NaN}'])
def test_signed_bytes_of_another_shape(raw: bytes) -> None:
    assert _told((raw, sign_as("gly-a", raw))) == ([], [UNREAD])


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"person": "kz-a"}, False),
        ({"line": public_line("kz-a")}, False),
        ({"start": at("2026-11-05 09:40")}, True),
        ({"start": at("2026-11-05 09:41")}, False),
        ({"end": at("2026-11-05 09:41")}, True),
        ({"end": at("2026-11-05 09:40")}, False),
    ],
    ids=str,
)
def test_a_key_that_the_reader_knows_counts_when_it_was_recorded(
    changes: dict[str, Any], holds: bool
) -> None:
    known = replace(Signer("gly-a", public_line("gly-a")), **changes)
    good = _record()
    assert _told(good, trusted=(known,)) == (
        ([record_digest(*good)], []) if holds
        else ([], ["key-untrusted gly-a"])
    )  # fmt: skip


EARLY = "record-before-confirmation publication-1.json"
LATE = "record-after-expiry p publication-1.json"
"""A true record of what went out too late is named and not refused."""
BEFORE = "record-beforehand publication-1.json"
ELSEWHERE = "record-other-files publication-1.json"


def _timed(confirmed: Any = None, ordered: str = "", **said: Any) -> list[str]:
    bundle = _bundle(_record(**said), confirmed=confirmed)
    standing, problems = counted_records(bundle, None)
    assert not problems
    when = at(ordered) if ordered else None
    wrong, late = check_times(bundle, standing, when)
    return [named(m) for m in (*wrong, *late)]


def _at(published: str, recorded: str = "2026-12-31T00:00:00+08:00") -> dict[str, str]:
    return {"published_at": published, "recorded_at": recorded}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, []),
        (_at(CONFIRMED), []),
        (_at("2026-11-04T12:59:59+08:00"), [EARLY]),
        (_at("2026-12-04T14:00:00+08:00"), []),
        (_at("2026-12-04T14:00:01+08:00"), [LATE]),
        (_at("2026-11-05T10:40:00+08:00", "2026-11-05T09:40:00+08:00"), []),
        (_at("2026-11-05T10:40:01+08:00", "2026-11-05T09:40:00+08:00"), [BEFORE]),
        ({"rows": ROWS[:1]}, [ELSEWHERE]),
        ({"rows": [*ROWS, {"name": "b", "digest": {"sha256": "0" * 64}}]}, [ELSEWHERE]),
        ({"rows": [ROWS[0], {"name": "a.png", "digest": {"sha256": "2" * 64}}]}, [ELSEWHERE]),
        ({"rows": ROWS[:1], **_at("2026-11-04T12:59:59+08:00")}, [ELSEWHERE, EARLY]),
        ({"revision": 1, "rows": [], **_at("2026-11-01T00:00:00+08:00")}, []),
        *(
            ({"revision": n, "rows": []}, [f"record-revision-unshown publication-1.json {n}"])
            for n in (0, -1, 3)
        ),
    ],
    ids=str,
)  # fmt: skip
def test_times_revision_and_files(said: dict[str, Any], told: list[str]) -> None:
    assert _timed(**said) == told


def test_what_a_record_says_of_an_early_publication_is_a_remark() -> None:
    """Its own words make it one, and no longer a fault of the site."""
    early = _at("2026-11-04T12:59:59+08:00")
    bundle = _bundle(_record(**early, unconfirmed="电话命令先发", rows=ROWS[:1]))
    standing, _ = counted_records(bundle, None)
    wrong, remarks = check_times(bundle, standing, None)
    assert (wrong, [named(m) for m in remarks]) == ((), [ELSEWHERE, EARLY])


@pytest.mark.parametrize(("end", "told"), [("09:30:00", []), ("08:29:59", [LATE])])
def test_the_first_of_its_reviews_that_runs_out_ends_them_all(end: str, told: list[str]) -> None:
    """An hour more is left to clocks that differ."""
    bundle = _bundle(_record(), reviewed=f"2026-11-05T{end}+08:00")
    standing, _ = counted_records(bundle, None)
    assert [named(m) for m in check_times(bundle, standing, None)[1]] == told


@pytest.mark.parametrize(
    ("ordered", "told"),
    [("2026-11-04 12:30", []), ("2026-11-04 12:31", [EARLY]), ("2026-11-04 12:29", [])],
)
def test_what_was_ordered_out_may_go_before_its_confirmation(ordered: str, told: list[str]) -> None:
    assert _timed(ordered=ordered, **_at("2026-11-04T12:30:00+08:00")) == told


@pytest.mark.parametrize("before", [{"revision": 1}, {}])
def test_a_record_after_one_that_is_let_pass_is_looked_at(before: dict[str, Any]) -> None:
    """Of an earlier revision; and ordered out, where the next was not."""
    passed = _record(**before, **_at("2026-11-04T12:30:00+08:00"))
    bundle = _bundle(passed, _record(account="wb", **_at("2026-11-04T12:29:00+08:00")))
    standing, _ = counted_records(bundle, None)
    told = [named(m) for m in check_times(bundle, standing, at("2026-11-04 12:30"))[0]]
    assert told == [EARLY.replace("-1.", "-2.")]


@pytest.mark.parametrize(
    "confirmed", [[], 5, {}, {"signed_at": CONFIRMED}, {"signed_at": CONFIRMED, "not_after": "x"}]
)
def test_a_confirmation_that_cannot_be_read_is_told_of_elsewhere(confirmed: Any) -> None:
    assert _timed(confirmed, **_at("2026-11-01T00:00:00+08:00")) == []


def test_no_confirmation_is_told_of_elsewhere() -> None:
    bundle = replace(_bundle(_record(**_at("2026-11-01T00:00:00+08:00"))), steps=())
    standing, _ = counted_records(bundle, None)
    assert len(standing) == 1
    assert check_times(bundle, standing, None)[0] == ()
