"""A listing that moves with history: a file may take the place of a folder, and back."""

import pytest

from pipeline.source.listing import Blob, Listing

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
