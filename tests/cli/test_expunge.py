"""Erasing a post: shown and asked about before anything goes, and by each person once."""

import pytest

from pipeline.cli.publish import expunge
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import private_key_file
from tests.builders.files import folder
from tests.cli.at_the_desk import fault, run

PATH = f"{folder(POST)}/post.md"


@pytest.fixture
def public(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.approve_all()
    archive.commit("审核", "gly-a")
    archive.merge("proposal")
    archive.branch("expunge")
    return archive


def test_nothing_goes_before_somebody_says_yes(
    public: ArchiveRepo,
) -> None:
    said = fault(run(expunge, public, POST, "-r", "误载", "--key", _key(public)))
    assert said == "terminal-missing"
    result = run(
        expunge, public, POST, "-r", "误载", "--key", _key(public), typed="n\n", attended=True
    )
    assert PATH in result.stderr
    assert "误载" in result.stderr
    assert (public.root / PATH).exists()
    assert not list(public.root.glob("content/records/authorisations/*/expunge-*"))


def test_each_of_the_two_signs_once(public: ArchiveRepo) -> None:
    first = run(expunge, public, POST, "-r", "误载", by="kz-a")
    assert not first.exception
    assert not (public.root / PATH).exists()
    public.commit("清除", "kz-a")
    again = fault(run(expunge, public, POST, "-r", "误载", by="kz-a"))
    assert "record-there" in again
    second = run(expunge, public, POST, "-r", "另说", by="ld-a")
    assert not second.exception
    assert PATH in second.stderr
    assert "误载" in second.stderr


def _key(archive: ArchiveRepo) -> str:
    keys = archive.root.parent / "keys"
    keys.mkdir(exist_ok=True)
    return str(private_key_file("kz-a", keys))
