"""A listing that moves with history: a file may take the place of a folder, and back."""

from collections.abc import Iterable, Iterator

import pytest

from pipeline.source.git.tree_listing import Blob, Listing, Row

BLOB = Blob("100644", "a" * 40, 1)


def moved(listing: Listing, *steps: tuple[str, bool]) -> Listing:
    for path, stands in steps:
        listing.put(path, BLOB if stands else None)
    return listing


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([("a", False), ("a/b", True)], ["a/b"]),
        ([("a/b", True), ("a", False)], ["a/b"]),
    ],
)
def test_a_folder_takes_the_place_of_a_file(steps: list[tuple[str, bool]], left: list[str]) -> None:
    assert sorted(moved(Listing.of({"a": BLOB}), *steps)) == left


@pytest.mark.parametrize("steps", [[("a", True), ("a/b", False)], [("a/b", False), ("a", True)]])
def test_a_file_takes_the_place_of_a_folder(steps: list[tuple[str, bool]]) -> None:
    listing = moved(Listing.of({"a/b": BLOB}), *steps)
    assert sorted(listing) == ["a"]
    assert listing["a"] == BLOB
    assert listing.folders("") == ()


def test_an_empty_folder_goes_with_those_above_it() -> None:
    listing = moved(Listing.of({"a/b/c": BLOB, "d": BLOB}), ("a/b/c", False))
    assert (sorted(listing), listing.folders(""), listing.under("a/")) == (["d"], (), [])
    assert "a/b/c" not in listing


FILES = ("a/2025/x/1", "a/2026/y/1", "a/2026/2", "a/é/z/1", "b/1")


def asked(*folders: str) -> tuple[Listing, list[tuple[list[str], bool]]]:
    """A listing of `FILES` that was asked for folders, and the questions it put."""
    questions: list[tuple[list[str], bool]] = []

    def find(wanted: Iterable[str], deep: bool) -> Iterator[Row]:
        questions.append(([*wanted], deep))
        for path in FILES:
            for folder in questions[-1][0]:
                prefix = f"{folder}/" if folder else ""
                name, slash, _ = path.removeprefix(prefix).partition("/")
                if path.startswith(prefix):
                    yield (path, BLOB) if deep or not slash else (prefix + name, None)

    listing = Listing(find)
    listing.folders("a")
    questions.clear()
    listing.ask(*folders)
    return listing, questions


def test_the_names_in_many_folders_are_one_question() -> None:
    listing, questions = asked("a/2025", "a/2026", "a/2027")
    assert questions == [(["a/2025", "a/2026"], False)]
    assert [listing.folders(f"a/{y}") for y in (2025, 2026, 2027)] == [("x",), ("y",), ()]
    assert listing["a/2026/2"] == BLOB
    assert len(questions) == 1


def test_the_top_is_asked_with_all() -> None:
    listing, questions = asked("", "a/2026")
    assert questions == [([""], True)]
    assert sorted(listing) == sorted(FILES)


@pytest.mark.parametrize("mode", ["100644", "100755", "120000", "160000", "040000"])
@pytest.mark.parametrize("oid", ["", "0a" * 20, "f0" * 32])
@pytest.mark.parametrize("size", [0, 1, 20_000_000_000])
def test_a_file_comes_back_as_it_was_put(mode: str, oid: str, size: int) -> None:
    blob = Blob(mode, oid, size)
    assert dict(Listing.of({"a/b": blob})) == {"a/b": blob}


def test_names_that_differ_in_case_come_and_go() -> None:
    listing = Listing.of({"p/Straße/a": BLOB, "p/STRASSE/a": BLOB, "p/x/a": BLOB})
    assert listing.alike("p/strasse") == ("p/STRASSE", "p/Straße")
    moved(listing, ("p/STRASSE/a", False), ("p/strasse/a", True))
    assert listing.alike("p/x") == ("p/x",)
    assert listing.alike("p/strasse") == ("p/Straße", "p/strasse")
