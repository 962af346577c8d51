"""What was read of posts is taken by what shows them, and only while it is theirs."""

import sqlite3
from pathlib import Path

import pytest

from pipeline.history.judge_commits import Means
from pipeline.memo.read_posts import PostStore
from pipeline.memo.store import FILE, SealedStore
from pipeline.model.cards import CODE, DRAWN, KINDS, READ, Card
from pipeline.model.ids import CommitId, PostId
from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from pipeline.site.output_folder import remove
from tests.builders.archive import PNG, ArchiveRepo
from tests.builders.cast import AS_OF, at
from tests.builders.evidence import CAST
from tests.builders.files import folder
from tests.builders.published import correct
from tests.site import sample

POST, OTHER = PostId("2026-11-04-one"), PostId("2026-11-04-two")


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path / "kept", bytes(32))


@pytest.fixture(scope="module")
def card() -> Card:
    values = dict.fromkeys(Card._fields, "") | {"id": POST, "seal": "a" * 64}
    return Card(**values)  # type: ignore[arg-type]


def left(store: SealedStore | None, card: Card, governance: str = "g") -> str:
    """What is taken where `left` was left, and `made` is made otherwise."""
    posts = PostStore(store, governance, {card.id: card})
    posts.prepare([card.id, PostId("2026-11-06-another")])
    return posts.once(READ, card.id, lambda: "made")


def test_what_was_left_is_taken(store: SealedStore, card: Card) -> None:
    PostStore(store, "g").leave(READ, [(card, "left")])
    assert left(store, card) == "left"


def test_what_was_made_is_left(store: SealedStore, card: Card) -> None:
    posts = PostStore(store, "g", {card.id: card})
    posts.prepare([card.id])
    assert [posts.once(kind, card.id, kind.upper) for kind in (DRAWN, CODE)] == ["DRAWN", "CODE"]
    assert store.get(DRAWN, f"g-{card.seal}") is None  # all that is made together, in one go
    posts.prepare(())
    posts.prepare([card.id])
    assert [posts.once(kind, card.id, kind.lower) for kind in (DRAWN, CODE)] == ["DRAWN", "CODE"]
    assert posts.once(READ, card.id, READ.title) == "Read"


def test_what_is_large_waits_for_no_other(store: SealedStore, card: Card) -> None:
    posts = PostStore(store, "g", {card.id: card})
    assert posts.once(CODE, card.id, lambda: "small") == "small"
    assert posts.once(DRAWN, card.id, lambda: bytes(1 << 21)) == bytes(1 << 21)
    assert store.get(DRAWN, f"g-{card.seal}") is not None
    posts.prepare([card.id])
    assert posts.once(CODE, card.id, lambda: "new") == "small"


def test_what_is_to_be_read_is_what_was_not_left(store: SealedStore, card: Card) -> None:
    other = card._replace(id=PostId("2026-11-06-other"), seal="b" * 64)
    PostStore(store, "g").leave(READ, [(card, "left")])
    posts = {each.id: each for each in (card, other)}
    assert PostStore(store, "g", posts).prepare(posts) == [other.id]
    assert PostStore(None, "g", posts).prepare(posts) == [*posts]


def test_without_a_store_it_is_made(card: Card) -> None:
    PostStore(None, "g").leave(READ, [(card, "left")])
    assert left(None, card) == "made"
    PostStore(None, "g", {card.id: card}).tidy()


def test_another_governance_another_post_or_another_kind_takes_nothing(
    store: SealedStore, card: Card
) -> None:
    PostStore(store, "g").leave(READ, [(card, "left")])
    assert left(store, card, "h") == "made"
    assert left(store, card._replace(seal="b" * 64)) == "made"
    posts = PostStore(store, "g", {card.id: card})
    posts.prepare([card.id])
    assert posts.once(DRAWN, card.id, lambda: "made") == "made"


def test_a_row_without_a_seal_is_not_unpickled(store: SealedStore, card: Card) -> None:
    PostStore(store, "g").leave(READ, [(card, "left")])
    with sqlite3.connect(store.folder / FILE) as connection:
        connection.execute("UPDATE row SET value = x'80'")
    assert left(store, card) == "made"


def test_nothing_is_left_of_nothing(store: SealedStore, card: Card) -> None:
    posts = PostStore(store, "g", {card.id: card})
    assert posts.once(DRAWN, card.id, dict) == {}
    assert store.get(DRAWN, f"g-{card.seal}") is None


def test_tidying_removes_what_is_there_of_no_post(store: SealedStore, card: Card) -> None:
    gone = card._replace(seal="b" * 64)
    PostStore(store, "g").leave(READ, [(card, "left"), (gone, "gone")])
    PostStore(store, "h").leave(DRAWN, [(card, "of other registers")])
    PostStore(store, "g", {card.id: card}).tidy()
    assert (left(store, card), left(store, gone)) == ("left", "made")
    assert left(store, card, "h") == "made"


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


OLD, NEW = "出门前关火。", "出门前关火、关窗。"
OURS = f"WHERE kind IN {KINDS}"


def _with_picture(repo: ArchiveRepo, post: PostId, body: str, revision: int = 1) -> None:
    name = f"{post[11:]}.png"
    row = {"file": name, "alt": "炉火", "author": "zz-a", "licence": "原创"}
    repo.write(f"{folder(post)}/{name}", PNG)
    repo.draft(post, f"{body}\n\n![炉火]({name})\n", media=[row], revision=revision)


def _two_posts(at_: Path) -> ArchiveRepo:
    """Two with a picture each, one of them corrected: it has two addresses."""
    repo = ArchiveRepo.begin(at_, sample.theme())
    for post in (POST, OTHER):
        repo.branch(post)
        _with_picture(repo, post, OLD)
        repo.commit("起草")
        for hour, step in enumerate(CAST, 8):
            repo.review(post, step, signed_at=at(f"2026-11-04 {hour:02}:00"))
        repo.commit("审核")
        repo.merge(post)
    correct(repo, POST, OLD, NEW, lambda: _with_picture(repo, POST, NEW, revision=2))
    return repo


@pytest.fixture(scope="module")
def two_posts(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    return _two_posts(tmp_path_factory.mktemp("two") / "archive")


@pytest.mark.parametrize(
    "spoil",
    [
        "",
        f"UPDATE row SET value = x'80' {OURS}",
        f"DELETE FROM row {OURS}",
        "UPDATE row SET (seal, value) = (SELECT seal, value FROM row AS other WHERE other.kind ="
        f" row.kind AND other.key <> row.key) {OURS}",
    ],
)
def test_a_site_is_the_same_whatever_was_left(
    tmp_path: Path, two_posts: ArchiveRepo, spoil: str
) -> None:
    repo = two_posts
    out, store = tmp_path / "out", SealedStore(tmp_path / "kept", bytes(32))

    def built(kept: SealedStore | None) -> dict[str, bytes]:
        remove(out)
        order = Order(out, tmp_path / "work", means=Means(kept))
        build_site(
            repo.open(), CommitId(repo.head("main")), lambda _: AS_OF, order, translator("zh")
        )
        return files(out)

    cold = built(None)
    assert {f"posts/2026/{v}/index.html" for v in (POST, f"{POST}.r1", OTHER)} <= cold.keys()
    assert built(store) == cold
    with sqlite3.connect(store.folder / FILE) as connection:
        rows = connection.execute(f"SELECT kind FROM row {OURS}").fetchall()
        assert sorted(kind for (kind,) in rows) == sorted(2 * KINDS)
        if spoil:
            connection.execute(spoil)
    assert built(store) == cold
