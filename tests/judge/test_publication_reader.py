"""A change reads the publications of its own posts; others when somebody asks for them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.evidence.review.records import read_publication
from pipeline.judge.archive_at import RECENT, PublicationReader
from pipeline.judge.load_governance import trust
from pipeline.model.archive import Change, Entry
from pipeline.model.findings import Finding
from pipeline.model.records import Publication, Publications
from pipeline.source.git.history import GitHistory
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, at

OTHER = "2026-11-05-night-check"


@dataclass
class Records:
    """The records of two posts in git, and which of them were read."""

    carried: PublicationReader
    paths: list[str]
    """Of `POST`, then of `OTHER`."""
    read: list[str] = field(default_factory=list)


@pytest.fixture
def records(approved: ArchiveRepo, monkeypatch: pytest.MonkeyPatch) -> Records:
    approved.draft(OTHER)
    approved.approve_all(OTHER)
    paths = [approved.publication(POST), approved.publication(OTHER)]
    approved.commit("发布", "gly-a")
    repository = approved.open()
    tree = repository.tree(approved.head())
    trusted = trust(tree)
    # Registers of its own: nothing that another test read is known of them.
    own, schema = replace(trusted.registers), trusted.statements["publication"]
    made = Records(PublicationReader(tree, own, schema, GitHistory(repository)), paths)

    def seen(file: Any, *given: Any) -> Publication | Finding:
        made.read.append(file.path)
        return read_publication(file, *given)

    monkeypatch.setattr("pipeline.judge.archive_at.read_publication", seen)
    return made


def test_only_what_is_asked_for_is_read(records: Records) -> None:
    mine, other = records.paths
    found, problems = records.carried.since(AS_OF, {POST})
    assert (records.read, problems) == ([mine], ())
    assert [p.path for p in found] == sorted(records.paths)
    assert sorted(records.read) == sorted(records.paths)  # its own was not read again
    assert found[0].path in records.paths and len(found) == 2


def test_those_of_one_post_need_no_other(records: Records) -> None:
    found, _ = records.carried.since(AS_OF, {POST})
    assert isinstance(found, Publications)
    assert [p.path for p in found.of_post(POST)] == records.paths[:1]
    assert records.read == records.paths[:1]
    assert [p.path for p in found.of_post(OTHER)] == records.paths[1:]


def test_what_is_long_past_is_looked_at_for_its_own_post_alone(records: Records) -> None:
    long_after = AS_OF + RECENT + timedelta(days=60)
    found, _ = records.carried.since(long_after, {POST})
    assert [p.path for p in found] == records.paths[:1]
    assert [p.path for p in records.carried.since(AS_OF, None)[0]] == sorted(records.paths)


def test_a_record_that_a_change_brings_is_read_whatever_its_name(records: Records) -> None:
    change = Change("0" * 40, "1" * 40, (Entry(records.paths[1], "A", "records", ""),))
    records.carried.since(at("2030-01-01 00:00"), {POST}, change)
    assert sorted(records.read) == sorted(records.paths)
