"""A30: a counter that counts everything is caught by the second one, as every test here would."""

import pytest

from pipeline.evidence.review import chain
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.evidence import CAST
from tests.builders.verdicts import passes

pytestmark = pytest.mark.inside


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conditions of the first counter are gone: whatever is signed counts."""
    monkeypatch.setattr(chain, "CONDITIONS", ())


def noticed(miscounts: list[str]) -> bool:
    """Whether the post was, and no other; the fixture asks for none at the end."""
    posts = {*miscounts}
    miscounts.clear()
    return posts == {POST}


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
def test_every_kind_of_miscount_is_noticed(
    archive: ArchiveRepo,
    blind: None,
    miscounts: list[str],
    step: str,
    person: str,
    changes: dict[str, object],
) -> None:
    archive.draft()
    archive.commit("起草")
    for name in CAST:
        wrong = name == step
        place = archive.place(POST, name, 1)
        archive.review(POST, name, person if wrong else "", to=place, **(changes if wrong else {}))  # type: ignore[arg-type]
    archive.commit("审核")
    archive.verify()
    assert noticed(miscounts)


def test_a_changed_text_is_noticed(
    approved: ArchiveRepo, blind: None, miscounts: list[str]
) -> None:
    approved.draft(body="改了。\n")
    approved.commit("改")
    approved.verify()
    assert noticed(miscounts)
