"""Which class a path belongs to, and which names are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.source.content.paths import area_of, path_problems, printable

POST = "content/posts/2026/2026-11-05-winter-fire"


@pytest.mark.parametrize(
    ("path", "area"),
    [
        (f"{POST}/post.md", "posts"),
        (f"{POST}/a.b-c_d.png", "posts"),
        ("content/reviews/2026/2026-11-05-winter-fire/r1/1-first.json", "reviews"),
        ("content/reviews/2026/2026-11-05-winter-fire/r9999/4-confirm.json.sig", "reviews"),
        ("content/records/publications/2026/2026-11-05.wx.2026-11-05-fire.json", "records"),
        ("content/records/corrections/2026/2026-11-05-fire.r2.yml", "records"),
        ("content/records/authorisations/2026/change/kz-a.json.sig", "records"),
        ("content/policy.yml", "governance"),
        ("content/regulation.md", "governance"),
        ("content/registers/people.yml", "governance"),
        ("content/registers/calendar/2026.yml", "governance"),
        ("schemas/articles/a05_updates.json", "rules"),
        ("pipeline/rules/a05_updates.py", "rules"),
        ("pyproject.toml", "rules"),
        ("site/assets/a.css", "site"),
        ("mkdocs.yml", "site"),
        (".github/workflows/verify.yml", "workflows"),
        ("README.md", "other"),
        ("content/elsewhere.md", "unknown"),
        ("content", "unknown"),
        (f"{POST}/sub/post.md", "unknown"),
        ("content/posts/2025/2026-11-05-winter-fire/post.md", "unknown"),
        ("content/posts/2026/2026-11-05-Winter/post.md", "unknown"),
        ("content/reviews/2026/2026-11-05-winter-fire/r0/1-first.json", "unknown"),
        ("content/reviews/2026/2026-11-05-winter-fire/r1/2-first.json", "unknown"),
        ("content/records/corrections/2026/2026-11-05-fire.r0.yml", "unknown"),
        ("content/registers/calendar/26.yml", "unknown"),
    ],
)
def test_areas(path: str, area: str) -> None:
    assert area_of(path) == area


@given(st.text(max_size=60))
def test_whatever_stands_in_content_has_a_class_or_none(rest: str) -> None:
    area = area_of(f"content/{rest}")
    assert area in {"posts", "reviews", "records", "governance", "unknown"}
    if area != "unknown":
        assert rest.isascii()
        assert rest.isprintable()
        assert ".." not in rest or area == "records"


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True))
def test_a_plain_name_beside_a_post(name: str) -> None:
    path = f"{POST}/{name}"
    reserved = name.split(".")[0].lower() in {"con", "prn", "aux", "nul"} or (
        name[:3].lower() in ("com", "lpt") and name[3:4].isdigit() and name[4:5] in ("", ".")
    )
    assert bool(list(path_problems([path]))) is (".." in name or reserved)


def test_each_of_a_pair_that_differs_in_capitals_only_is_named() -> None:
    """A change brings one of them, and is told only what is wrong with its own files."""
    pair = [f"{POST}/Fire.png", f"{POST}/fire.png"]
    found = list(path_problems(pair))
    assert [f.location.path for f in found] == pair
    assert all("in capitals only" in str(f.message) for f in found)
    assert list(path_problems([f"{POST}/fire.png", f"{POST}/fires.png"])) == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("a\nb", "a\\x0ab"),
        ("a\x1bb", "a\\x1bb"),
        ("a\udcffb", "a\\xdcffb"),
        ("a\u202eb", "a\\x202eb"),
        ("方案.txt", "方案.txt"),
    ],
)
def test_a_path_is_shown_without_what_cannot_be_seen(path: str, shown: str) -> None:
    assert printable(path) == shown


@given(st.text(max_size=40))
def test_what_is_shown_can_always_be_printed(path: str) -> None:
    assert printable(path).isprintable()
    assert printable(path).encode().decode() == printable(path)
