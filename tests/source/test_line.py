"""History read in one go answers as git does when asked for one change at a time."""

import pytest

from pipeline.source.git.bulk_history import read_history
from pipeline.source.git.history import MANY, GitHistory, first_parents, records_on
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder

PUBLISHED = "content/records/publications"
OTHER = "2026-11-01-other"
STEPS: tuple[dict[str, str | None], ...] = (
    {f"2025/2025-12-31.wechat.{POST}.json": "one", f"2026/2026-11-20.wechat.{OTHER}.json": "two"},
    {
        f"2025/2025-12-31.wechat.{POST}.json.sig": "three",
        "2026/2026-01-01.strange": "four",
        f"2024/2024-12-31.app.{POST}": "six",
    },
    {f"2026/2026-11-20.wechat.{OTHER}.json": None, f"2026/2026-02-02.app.{POST}": "five"},
)
"""Record → its bytes after a change, or None for one that goes."""


@pytest.fixture
def published(approved: ArchiveRepo) -> ArchiveRepo:
    approved.merge("proposal")
    for step in STEPS:
        for name, text in step.items():
            path = approved.root / PUBLISHED / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        approved.commit("发布记录", "gly-a")
    return approved


@pytest.mark.parametrize("since", ["2026-01-01", "2026-11-20", "9999-12-31"])
@pytest.mark.parametrize("posts", [[], [POST], [OTHER], [POST, OTHER]])
def test_publications_are_found_by_name(
    published: ArchiveRepo, posts: list[str], since: str
) -> None:
    repository = published.open()
    asked, line = GitHistory(repository), read_history(repository, repository.commit("main"))
    commits = first_parents(repository, "main")
    for before, commit in zip(commits, commits[1:], strict=False):
        told = asked.publications(asked.merged(before, commit), posts, since)
        assert line.publications(line.merged(before, commit), posts, since) == told


def test_a_record_is_looked_for_from_the_year_before_its_post_on(published: ArchiveRepo) -> None:
    """What is planned for the first of January may go out too early; no change reads all years."""
    repository = published.open()
    tree = repository.tree(published.head("main"))
    told = GitHistory(repository).publications(tree, [POST, OTHER], "9999-12-31")
    eve = f"{PUBLISHED}/2025/2025-12-31.wechat.{POST}.json"
    assert told == (eve, f"{eve}.sig", f"{PUBLISHED}/2026/2026-02-02.app.{POST}")
    assert f"{PUBLISHED}/2024/2024-12-31.app.{POST}" in tree.files


def test_changes_and_people_are_the_same(published: ArchiveRepo) -> None:
    repository = published.open()
    asked, line = GitHistory(repository), read_history(repository, repository.commit("main"))
    commits = first_parents(repository, "main")
    for before, commit in zip(commits, commits[1:], strict=False):
        one, other = asked.merged(before, commit), line.merged(before, commit)
        assert line.changes(before, other) == asked.changes(before, one)
        assert line.handlers(commit, [folder(POST)]) == asked.handlers(commit, [folder(POST)])
        assert line.transient(before, commit, other) == asked.transient(before, commit, one)
        assert dict(other.files) == dict(one.files)


@pytest.mark.parametrize("many", [0, MANY + 5])
@pytest.mark.parametrize("knew", [True, False])
def test_who_touched_a_post_is_asked_of_what_may_hold_it(
    published: ArchiveRepo, many: int, knew: bool
) -> None:
    repository, first, head = published.open(), published.head("main~3"), published.head("main")
    folders = [folder(POST), *(f"content/posts/2025/n{i}" for i in range(many))]
    told = GitHistory(repository).handlers(head, folders)[folder(POST)]
    assert told
    since = GitHistory(repository, first, lambda f: knew and f == folder(POST))
    assert since.handlers(head, folders).get(folder(POST), set()) == (told if knew else set())


def test_what_came_and_went_on_the_way_is_the_same(approved: ArchiveRepo) -> None:
    picture = approved.root / folder(POST) / "passing.png"
    picture.write_bytes(b"seen by nobody")
    approved.commit("加图", "zz-a")
    picture.unlink()
    approved.commit("去图", "zz-a")
    approved.merge("proposal")
    repository = approved.open()
    asked, line = GitHistory(repository), read_history(repository, repository.commit("main"))
    before, commit = first_parents(repository, "main")[-2:]
    told = asked.transient(before, commit, asked.merged(before, commit))
    assert line.transient(before, commit, line.merged(before, commit)) == told
    assert [path.rpartition("/")[2] for path, oids in told.items() if oids] == ["passing.png"]


def test_a_stray_file_among_the_posts_has_no_records() -> None:
    """A commit of several people may bring one; it is judged like any other change."""
    brought = ("content/reviews/2026/2026-11-03-x/r1/1-first.json",)
    assert records_on("content/posts/2026/2026-11-03-x", brought) == brought
    assert records_on("content/posts/稿件.docx", brought) == ()
