"""A59: a text that is changed while its numbers stay, and sources that vanish or say too little."""

import re
from pathlib import Path

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import ArchiveRepo
from tests.builders.layers import shipped_list
from tests.builders.verdicts import finds, passes, refused_for

LAW, POLICY = "content/regulation.md", "content/policy.yml"
INSTRUMENTS = "content/registers/instruments.yml"
UNLISTED = ("R01-1", "source-instrument-unlisted")
LIMIT = ("R18-1", "limit-without-instrument")


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveRepo:
    made = ArchiveRepo.begin(tmp_path / "own")
    made.branch("proposal")
    return made


def altered(archive: ArchiveRepo, path: str, old: str, new: str) -> None:
    """One text in place of another, with the consent of both who must."""
    text = archive.read(path).decode()
    assert old in text
    archive.write(path, text.replace(old, new).encode())
    authorised(archive)


def authorised(archive: ArchiveRepo) -> None:
    archive.commit("改规定", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")


def said(archive: ArchiveRepo, effect: Effect) -> list[str]:
    found = archive.verify().findings
    return [str(f.message) for f in found if f.effect is effect and f.clause == "R01-3"]


def test_two_signatures_do_not_carry_a_text_past_its_numbers(archive: ArchiveRepo) -> None:
    altered(archive, LAW, "更新2次", "更新3次")
    held = said(archive, Effect.HOLD)
    assert any("cadence.text.count" in message for message in held)
    assert all("第五条" in message for message in held)
    assert archive.verify().decision is Effect.HOLD


def test_pushed_past_verify_it_stands_in_the_audit(archive: ArchiveRepo) -> None:
    altered(archive, LAW, "更新2次", "更新3次")
    archive.merge("proposal")
    refused = [f for f in archive.audit().findings if f.clause == "R01-3"]
    assert any(f.effect is Effect.REFUSE and "cadence.text.count" in str(f.message)
               for f in refused)  # fmt: skip


def test_a_digest_of_other_words_is_none(archive: ArchiveRepo) -> None:
    text = archive.read(POLICY).decode()
    digest = text.split("article_digest:")[1].split()[0].strip('"')
    altered(archive, POLICY, digest, "0" * 64)
    assert said(archive, Effect.HOLD)


def test_a_new_sentence_is_named_as_no_clause_answers_for_it(archive: ArchiveRepo) -> None:
    old = "我局所属任何政务新媒体不得"
    altered(archive, LAW, old, f"每年公布一次账目。{old}")
    new = "sentence-uncovered 第十六条 每年公布一次账目"
    assert finds(archive.verify(), "R01-3", new, effect=Effect.NOTE)


def test_a_list_of_an_archive_takes_no_instrument_away(archive: ArchiveRepo) -> None:
    archive.write(INSTRUMENTS, "instruments: []\n")
    authorised(archive)
    assert passes(archive.verify())


def test_one_that_stands_over_the_programs_with_other_numbers_founds_nothing(
    archive: ArchiveRepo,
) -> None:
    other = re.sub(r"(?m)^    number: .*", "    number: 某令第3号", shipped_list("instruments"))
    archive.write(INSTRUMENTS, other)
    authorised(archive)
    assert refused_for(archive.verify(), UNLISTED, LIMIT)


def test_a_source_that_names_none_of_them_is_refused(archive: ArchiveRepo) -> None:
    altered(archive, POLICY, "[V] 应急管理部令第11号", "[V] 应急管理部令第12号")
    assert refused_for(archive.verify(), UNLISTED, LIMIT)


def test_an_instrument_more_is_an_ordinary_change(archive: ArchiveRepo) -> None:
    row = "{id: more, title: 某办法, number: 某令第3号, layer: city, purpose: 试行, confirmed: []}"
    archive.write(INSTRUMENTS, f"instruments:\n  - {row}\n")
    authorised(archive)
    assert passes(archive.verify())
