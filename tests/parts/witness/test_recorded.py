"""What a running server answered, read by the program: forge.md's beliefs, one by one.

No payload here is from memory: provenance.json names the server, and what is not recorded.
"""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.parts.witness.payload import Pull, read_payload
from tests.builders.exchanges import ASSETS, answers, exchanges, proposal
from tests.builders.payloads import payload, review

PROVENANCE = json.loads((ASSETS / "provenance.json").read_bytes())
SHAPES = json.loads((ASSETS / "shapes.json").read_bytes())
PROPOSALS = (
    "after-update-branch", "agit", "begun-and-sent-later", "branch-deleted",
    "branch-deleted-and-reopened", "changes-then-approved", "closed", "closed-and-reopened",
    "deleted-user", "dismissed-by-another", "fork", "fork-deleted", "opener-deleted",
    "pressed-twice", "withdrawn",
)  # fmt: skip


def read(name: str, **more: Any) -> Pull:
    return read_payload(json.dumps(proposal(name) | more).encode())


def test_each_fixture_says_whether_a_server_gave_it() -> None:
    listed = [*PROVENANCE["schema"]["files"], *PROVENANCE["made"]["files"], "provenance.json"]
    assert sorted(listed) == sorted(p.name for p in ASSETS.iterdir() if p.is_file())
    assert [p.name for p in ASSETS.iterdir() if p.is_dir()] == [PROVENANCE["recorded"]["folder"]]
    assert all(PROVENANCE["recorded"][key] for key in ("server", "version", "day", "changed"))


@pytest.mark.parametrize("path", sorted((ASSETS / "recorded").iterdir()), ids=lambda p: p.stem)
def test_a_recorded_exchange_holds_no_secret_and_no_machine(path: Any) -> None:
    for row in json.loads(path.read_bytes()):
        assert {"as", "request", "status", "headers", "answer"} <= row.keys()
        text = json.dumps(row)
        assert "/tmp" not in text and "token=" not in text and ":3443" not in text


@pytest.mark.parametrize("name", PROPOSALS)
def test_what_we_say_of_gitea_is_what_it_answers(name: str) -> None:
    pull, reviews, _ = answers(name).values()
    for shape, value in [("gitea-pull", pull), *(("gitea-review", each) for each in reviews)]:
        Draft202012Validator({**SHAPES, "$ref": f"#/$defs/{shape}"}).validate(value)


def test_a_made_payload_has_no_key_that_the_server_has_not() -> None:
    pull, reviews, _ = answers("pressed-twice").values()
    made = payload("c" * 40, [review(1, "xxy-a", forge="gitea")])
    assert made["pull"].keys() <= pull.keys()
    assert made["reviews"][0].keys() <= reviews[0].keys()
    assert made["reviews"][0]["user"].keys() - {"type"} <= reviews[0]["user"].keys()


@pytest.mark.parametrize("name", PROPOSALS)
def test_each_recorded_proposal_can_be_read(name: str) -> None:
    pull = read(name)
    assert pull.forge == "forge.example/2"
    assert [c.moment for c in pull.clicks] == sorted(c.moment for c in pull.clicks)


def _at(value: str) -> datetime:
    return datetime.fromisoformat(value)


def test_a_review_begun_with_a_remark_counts_when_it_was_sent() -> None:
    """The remark has an entry of its own in the timeline; the later one is the click."""
    begun, other = proposal("begun-and-sent-later")["reviews"]
    entries = [
        e for e in proposal("begun-and-sent-later")["timeline"] if e["review_id"] == begun["id"]
    ]
    assert begun["submitted_at"] < other["submitted_at"] and len(entries) == 2
    clicks = read("begun-and-sent-later").clicks
    assert [c.login for c in clicks] == ["xinxi-yuan", "kezhang"]
    assert clicks[1].moment == _at(entries[-1]["created_at"])
    assert clicks[1].begun == _at(begun["submitted_at"])


def test_without_a_timeline_the_row_s_own_change_is_the_time() -> None:
    value = proposal("begun-and-sent-later")
    del value["timeline"]
    clicks = read_payload(json.dumps(value).encode()).clicks
    assert [c.login for c in clicks] == ["xinxi-yuan", "kezhang"]
    assert clicks[1].moment == _at(value["reviews"][0]["updated_at"])


def test_a_timeline_makes_no_click_older_than_it_was_begun() -> None:
    value = proposal("begun-and-sent-later")
    for entry in value["timeline"]:
        entry["created_at"] = (_at(entry["created_at"]) - timedelta(days=9)).isoformat()
    clicks = read_payload(json.dumps(value).encode()).clicks
    assert [c.moment for c in clicks] == [_at(r["submitted_at"]) for r in value["reviews"]]


def test_only_a_dismissal_by_hand_has_an_entry() -> None:
    twice, dismissed = read("pressed-twice").clicks, read("dismissed-by-another").clicks
    assert [(c.dismissed, c.by_hand) for c in twice] == [
        (True, False),
        (False, False),
        (False, False),
    ]
    assert [(c.dismissed, c.by_hand) for c in dismissed] == [(True, True)]
    changed = read("changes-then-approved").clicks
    assert [(c.word, c.dismissed) for c in changed] == [("return", False), ("approve", False)]


def test_a_deleted_account_is_nobody_and_holds_no_other_up() -> None:
    clicks = read("deleted-user").clicks
    assert [(c.account, c.login) for c in clicks] == [(0, "Ghost"), (3, "xinxi-yuan")]
    assert read("opener-deleted").opener == 0


@pytest.mark.parametrize(
    ("name", "open", "own"),
    [
        ("agit", True, False), ("fork", True, False), ("fork-deleted", False, False),
        ("branch-deleted", False, False), ("branch-deleted-and-reopened", True, False),
        ("closed", False, True), ("closed-and-reopened", True, True),
        ("after-update-branch", True, True),
    ],
)  # fmt: skip
def test_what_has_no_branch_here_is_not_our_own(name: str, open: bool, own: bool) -> None:
    pull = read(name)
    assert (pull.open, pull.own) == (open, own)


def test_a_review_that_its_giver_took_away_is_gone_from_the_list() -> None:
    assert read("withdrawn").clicks == ()


@pytest.mark.parametrize("type", ["Bot", "Mannequin", "Organization", "", None])
def test_only_a_person_s_account_counts_where_the_forge_tells_kinds(type: str | None) -> None:
    value = proposal("pressed-twice")
    for row in value["reviews"]:
        row["user"]["type"] = type
    assert {c.account for c in read_payload(json.dumps(value).encode()).clicks} == {0}


def test_the_text_that_was_sent_is_recorded_and_not_what_was_edited_then() -> None:
    """The page shows a comment, which its writer and all who can write may edit."""
    entries = [e["body"] for e in proposal("edited-before")["timeline"] if e["type"] == "review"]
    assert entries[0] == "改后。"
    assert [c.opinion for c in read("edited-before").clicks] == ["改前。", ""]


def _page(name: str, list: str) -> tuple[int, dict[str, str]]:
    """Rows of the first page that was recorded, and what the server says above it."""
    (row,) = (r for r in exchanges(name) if f"/{list}?" in r["request"])
    return len(row["answer"] or ()), row["headers"]


def test_a_page_holds_fewer_rows_than_it_was_cut_for() -> None:
    """130 line comments fill the pages of a timeline and stand in none; the
    proposal counts its reviews, each review its own. Unsent reviews are counted, and not shown."""
    pull, reviews, _ = answers("line-comments").values()
    assert (pull["review_comments"], reviews[0]["comments_count"]) == (len(reviews), 130)
    assert _page("line-comments", "timeline") == (1, {"X-Total-Count": "1"})
    assert _page("pending-of-others", "reviews") == (2, {"X-Total-Count": "3"})


def test_a_timeline_tells_of_reviews_that_the_list_does_not_show() -> None:
    given = proposal("pending-of-others")
    named = {e["review_id"] for e in given["timeline"] if e["type"] == "review"}
    assert named - {review["id"] for review in given["reviews"]}
    assert [c.login for c in read("pending-of-others").clicks] == [
        "information-officer",
        "section-head",
    ]
