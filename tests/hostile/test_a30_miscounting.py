"""A30: a first counter that counts everything is caught by the second on real archives."""

import pytest

from pipeline.evidence.review import chain
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.evidence import CAST
from tests.builders.verdicts import passes, refused_for

pytestmark = pytest.mark.inside
CAUGHT = ("R11-1", "Two independent counts of the reviews disagree")


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conditions of the first counter are gone: whatever is signed counts."""
    monkeypatch.setattr(chain, "CONDITIONS", ())


def test_what_is_right_still_passes(approved: ArchiveRepo, blind: None) -> None:
    assert passes(approved.verify())


@pytest.mark.parametrize(
    ("step", "person", "changes"),
    [
        ("second", "xxy-a", {"role": "section-head"}),
        ("final", "kz-a", {"role": "leader-in-charge"}),
        ("first", "wb-a", {}),
        ("final", "ld-a", {"revision": 2}),
        ("final", "ld-a", {"previous": "0" * 64}),
        ("confirm", "kz-a", {"accounts": ["wb"]}),
        ("first", "zz-a", {"role": "information-officer"}),
    ],
    ids=str,
)
def test_every_kind_of_miscount_is_refused(
    archive: ArchiveRepo, blind: None, step: str, person: str, changes: dict[str, object]
) -> None:
    archive.draft()
    archive.commit("起草")
    for name in CAST:
        wrong = name == step
        place = archive.place(POST, name, 1)
        archive.review(POST, name, person if wrong else "", to=place, **(changes if wrong else {}))  # type: ignore[arg-type]
    archive.commit("审核")
    assert refused_for(archive.verify(), CAUGHT)


def test_a_changed_text_is_refused(approved: ArchiveRepo, blind: None) -> None:
    approved.draft(body="改了。\n")
    approved.commit("改")
    assert refused_for(approved.verify(), CAUGHT)
