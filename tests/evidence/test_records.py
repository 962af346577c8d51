"""Publications and authorisations count when their own people signed them for this archive."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.records import (
    counted_publications,
    read_authorisations,
    read_publication,
)
from pipeline.evidence.review.statements import (
    NAMESPACE,
    Statement,
    Unusable,
    digest,
    read_statement,
    strict_json,
    write_statement,
)
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Effect
from pipeline.model.records import Expunging
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, sign_as
from tests.builders.verdicts import bears, finds
from tests.evidence.taken_apart import key_of

PATH = "content/records/publications/2026/2026-11-05.wx.2026-11-05-winter-fire.json"
SUBJECT = {"content/posts/2026/2026-11-05-winter-fire/post.md": "d" * 64}


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Trusted:
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("records") / "archive").open()
    return trust(repo.tree(repo.commit("HEAD")))


def _publication(**changes: Any) -> dict[str, Any]:
    return {
        "archive": "yunlan-yjj",
        "post": "2026-11-05-winter-fire",
        "revision": 1,
        "account": "wx",
        "title": "冬季防火三件事",
        "url": "https://wechat.example/wx/1",
        "published_at": at("2026-11-05 09:30"),
        "operator": "gly-a",
        "batch": "",
        "recorded_at": at("2026-11-05 09:35"),
    } | changes


def _signed(kind: str, predicate: dict[str, Any], key: str, path: str = PATH) -> SignedFile:
    statement = write_statement(kind, SUBJECT, predicate)
    return SignedFile(path, statement, sign_as(key, statement))


def _read(trusted: Trusted, *files: SignedFile) -> tuple[Any, Any]:
    return counted_publications(
        read_publication(f, trusted.registers, trusted.statements["publication"]) for f in files
    )


def test_a_publication_is_read_whole(trusted: Trusted) -> None:
    (found,), problems = _read(trusted, _signed("publication", _publication(batch="b1"), "gly-a"))
    assert problems == ()
    assert (found.post, found.account, found.operator, found.batch) == (
        "2026-11-05-winter-fire",
        "wx",
        "gly-a",
        "b1",
    )
    assert found.published_at == at("2026-11-05 09:30")
    assert found.manifest == SUBJECT
    assert (found.revision, found.title, found.url, found.recorded_at, found.path) == (
        1, "冬季防火三件事", "https://wechat.example/wx/1", at("2026-11-05 09:35"), PATH,
    )  # fmt: skip
    assert (found.rendition, found.supersedes, found.reason, found.void) == ("", "", "", False)


def test_a_record_that_takes_anothers_place_is_read_whole(trusted: Trusted) -> None:
    old = _signed("publication", _publication(), "gly-a")
    (first,), _ = _read(trusted, old)
    assert first.digest == digest(old.statement or b"", old.signature or b"")
    assert first.fingerprint == key_of(old.signature or b"").fingerprint
    more = {"rendition": "b" * 64, "supersedes": first.digest, "reason": "网址写错"}
    second = _signed("publication", _publication(**more), "gly-a", PATH.replace("05.wx", "05-2.wx"))
    standing, (note,) = _read(trusted, old, second)
    assert [(p.rendition, p.supersedes, p.reason, p.void) for p in standing] == [
        ("b" * 64, first.digest, "网址写错", False)
    ]
    assert "网址写错" in str(note.message)
    taken_back = _publication(**more, void=True)
    third = _signed("publication", taken_back, "gly-a", PATH.replace("05.wx", "05-2.wx"))
    assert _read(trusted, old, third)[0] == ()


@pytest.mark.parametrize(
    ("changes", "key", "name"),
    [
        ({"archive": "other"}, "gly-a", "record-misplaced"),
        ({"operator": "kz-a"}, "gly-a", "record-key-foreign"),
        ({}, "kz-a", "record-key-foreign"),
        ({}, "stranger", "record-key-foreign"),
        ({"recorded_at": at("2025-12-31 23:59")}, "gly-a", "key-not-valid"),
        ({"revision": "1"}, "gly-a", "statement-malformed"),
        ({"extra": 1}, "gly-a", "statement-malformed"),
    ],
    ids=str,
)
def test_a_publication_that_does_not_count_is_a_finding(
    trusted: Trusted, changes: dict[str, Any], key: str, name: str
) -> None:
    found, (problem,) = _read(trusted, _signed("publication", _publication(**changes), key))
    assert found == ()
    assert bears(problem, "R11-4", name) and problem.effect is Effect.REFUSE
    assert problem.location.path == PATH
    assert problem.remedy


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("2026-11-05.wx.2026-11-05-winter-fire", True),
        ("2026-11-05-2.wx.2026-11-05-winter-fire", True),  # a second record of that day
        ("2026-11-06.wx.2026-11-05-winter-fire", False),
        ("2026-11-05.wb.2026-11-05-winter-fire", False),
        ("2026-11-05.wx.2026-11-05-winter-fires", False),
        ("2026-11-05.wx.2026-11-05-winter-fire.2", False),
        ("2026-11-05.wx", False),
    ],
)
def test_a_record_is_named_after_what_it_tells(trusted: Trusted, name: str, counts: bool) -> None:
    path = f"content/records/publications/2026/{name}.json"
    found, problems = _read(trusted, _signed("publication", _publication(), "gly-a", path))
    assert bool(found) is counts
    told = [] if counts else ["file-name-differs"]
    assert [p.name for p in problems] == told


@pytest.mark.parametrize("part", ["statement", "signature"])
def test_half_a_record_is_a_finding(trusted: Trusted, part: str) -> None:
    signed = _signed("publication", _publication(), "gly-a")
    halved = SignedFile(
        PATH,
        None if part == "statement" else signed.statement,
        None if part == "signature" else signed.signature,
    )
    found, (problem,) = _read(trusted, halved)
    assert found == ()
    assert problem.name == "statement-missing"


def test_a_review_is_no_publication(trusted: Trusted) -> None:
    """The kind of statement stands in what is signed."""
    found, (problem,) = _read(trusted, _signed("review", _publication(), "gly-a"))
    assert found == ()
    assert "malformed" in str(problem.message)


def _authorisation(**changes: Any) -> dict[str, Any]:
    return {
        "archive": "yunlan-yjj",
        "person": "kz-a",
        "role": "section-head",
        "reason": "人事调整",
        "removed": ["content/registers/calendar/2025.yml"],
        "signed_at": at("2026-11-05 10:00"),
        "roster": {"serial": 1, "digest": "0" * 64},
    } | changes


def test_an_authorisation_names_what_it_removes(trusted: Trusted) -> None:
    signed = _signed("authorisation", _authorisation(), "kz-a")
    schema = trusted.statements["authorisation"]
    (found,), problems = read_authorisations([signed], trusted.registers, schema)
    assert problems == ()
    assert found.files == {**SUBJECT, "content/registers/calendar/2025.yml": ""}
    assert (found.person, found.role, found.roster_serial) == ("kz-a", "section-head", 1)
    said = _authorisation()
    assert (found.reason, found.signed_at, found.path) == (said["reason"], said["signed_at"], PATH)
    assert found.fingerprint == key_of(signed.signature or b"").fingerprint
    assert (found.acknowledges, found.expunges) == ((), None)
    healed = _signed("authorisation", _authorisation(acknowledges=["c" * 40]), "kz-a")
    (other,), _ = read_authorisations([healed], trusted.registers, schema)
    assert other.acknowledges == ("c" * 40,)


def test_an_authorisation_names_what_it_erases(trusted: Trusted) -> None:
    erased = {"post": "2026-11-05-winter-fire", "revision": 2, "title": "（内容已清除）",
              "files": [{"name": "post.md", "sha256": "e" * 64}]}  # fmt: skip
    signed = _signed("authorisation", _authorisation(expunges=erased), "kz-a")
    schema = trusted.statements["authorisation"]
    (found,), problems = read_authorisations([signed], trusted.registers, schema)
    assert problems == ()
    files = frozenset({("post.md", "e" * 64)})
    assert found.expunges == Expunging("2026-11-05-winter-fire", 2, "（内容已清除）", files)


@pytest.mark.parametrize(
    ("changes", "key"), [({"person": "ld-a"}, "kz-a"), ({}, "stranger"), ({"archive": "x"}, "kz-a")]
)
def test_an_authorisation_that_does_not_count(
    trusted: Trusted, changes: dict[str, Any], key: str
) -> None:
    signed = _signed("authorisation", _authorisation(**changes), key)
    schema = trusted.statements["authorisation"]
    found, (problem,) = read_authorisations([signed], trusted.registers, schema)
    assert found == ()
    assert (problem.clause, problem.location.path) == ("R13-7", PATH)
    assert problem.name == ("record-misplaced" if "archive" in changes else "record-key-foreign")


def test_a_void_key_counts_for_the_record_that_stood_before(trusted: Trusted) -> None:
    signed = _signed("authorisation", _authorisation(), "kz-a")
    (found,), _ = read_authorisations(
        [signed], trusted.registers, trusted.statements["authorisation"]
    )
    record = digest(signed.statement or b"", signed.signature or b"")
    for kept, counts in ((frozenset({record}), True), (frozenset(), False)):
        roster = trusted.registers.roster
        keys = (replace(k, revocation="compromised", prior_records=kept) for k in roster.keys)
        void = replace(trusted.registers, roster=replace(roster, keys=tuple(keys)))
        read, _ = read_authorisations([signed], void, trusted.statements["authorisation"])
        assert read == ((found,) if counts else ())


# Statements -------------------------------------------------------------------------------------


def test_what_is_written_is_read(trusted: Trusted) -> None:
    schema = trusted.statements["publication"]
    read = read_statement(_signed("publication", _publication(), "gly-a"), schema)
    assert isinstance(read, Statement)
    assert read.subject == SUBJECT
    assert dict(read.predicate) == _publication()


def test_statements_are_the_same_bytes_for_the_same_words() -> None:
    one = write_statement(
        "publication", {"b": "1", "a": "2"}, {"y": 1, "x": at("2026-11-05 09:30")}
    )
    two = write_statement(
        "publication", {"a": "2", "b": "1"}, {"x": at("2026-11-05 09:30"), "y": 1}
    )
    assert one == two
    assert one.endswith(b"}\n")
    assert b"2026-11-05T09:30:00+08:00" in one


def test_the_bytes_of_a_statement_are_those_that_archives_hold() -> None:
    """Another indent or escape, and nothing that was signed could be made anew from its words."""
    made = write_statement("publication", {"b": "1", "a": "2"}, {"y": ("甲", "乙"), "x": ""})
    assert made.decode() == (
        '{\n "_type": "https://in-toto.io/Statement/v1",\n "predicate": {\n  "x": "",\n'
        '  "y": [\n   "甲",\n   "乙"\n  ]\n },\n'
        ' "predicateType": "urn:sanshen:publication/v1",\n "subject": [\n'
        '  {\n   "digest": {\n    "sha256": "2"\n   },\n   "name": "a"\n  },\n'
        '  {\n   "digest": {\n    "sha256": "1"\n   },\n   "name": "b"\n  }\n ]\n}\n'
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"null", b"{", b'{"a": 1, "a": 2}', b'{"a": NaN}', b'{"a": Infinity}',
        b'{"a": 1.0}', '{"a": "é"}'.encode("latin-1"), b"\xef\xbb\xbf{}", b"{} {}", b"[" * 100_000,
        b'{"a": "' + b"x" * 1_000_000 + b'"}', b'{"a": "\\ud800"}', b'{"\\uDFFF": 1}',
    ],
    ids=lambda raw: str(raw[:20]),
)  # fmt: skip
def test_what_is_no_strict_json_is_unusable(trusted: Trusted, raw: bytes) -> None:
    """Well signed, so that only the reader can refuse it."""
    signed = SignedFile(PATH, raw, sign_as("gly-a", raw))
    read = read_statement(signed, trusted.statements["publication"])
    assert isinstance(read, Unusable)
    assert read.name == "statement-not-json"


def test_a_character_written_as_two_surrogates_is_one() -> None:
    assert strict_json(b'["\\uD83D\\ude00", "\\\\ud800"]') == ["\U0001f600", "\\ud800"]


def test_a_file_named_twice_is_unusable(trusted: Trusted) -> None:
    once = write_statement("publication", {"a": "d" * 64, "b": "e" * 64}, _publication())
    twice = once.replace(b'"name": "b"', b'"name": "a"')
    assert twice != once
    read = read_statement(
        SignedFile(PATH, twice, sign_as("gly-a", twice)), trusted.statements["publication"]
    )
    assert isinstance(read, Unusable)
    assert read.name == "statement-file-twice"


def test_nothing_is_read_before_the_signature_holds(trusted: Trusted) -> None:
    raw = b"not json at all"
    read = read_statement(
        SignedFile(PATH, raw, sign_as("gly-a", b"other", NAMESPACE)),
        trusted.statements["publication"],
    )
    assert isinstance(read, Unusable)
    assert (read.name, dict(read.reason.values)) == ("signature-unsound", {"reason": "mismatch"})


def test_records_are_read_from_where_they_lie(tmp_path: Path) -> None:
    """End to end: a forged record on main is a finding of the registers' verdict."""
    repo = ArchiveRepo.begin(tmp_path / "archive")
    post = repo.draft()
    repo.commit("起草")
    repo.approve_all()
    path = repo.publication(post)
    repo.write(f"{path}.sig", sign_as("stranger", repo.read(path)))
    repo.commit("登记", "gly-a")
    report = repo.standing()
    assert report.exit_code == 11
    assert finds(report, "R11-4", "record-key-foreign", path)
