"""What forges answer about a proposal and its reviews, for people and bytes of ours."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.builders.cast import at
from tests.builders.witness import ACCOUNTS, HOST, REPOSITORY

BEGUN = at("2026-11-05 10:00")
STATES = {
    "github": {"approve": "APPROVED", "return": "CHANGES_REQUESTED", "comment": "COMMENTED"},
    "gitea": {"approve": "APPROVED", "return": "REQUEST_CHANGES", "comment": "COMMENT"},
}


def user(login: str, forge: str = "github", **more: Any) -> dict[str, Any]:
    value = {"login": login, "id": ACCOUNTS.get(login, 900)}
    return value | ({"type": "User"} if forge == "github" else {"login_name": ""}) | more


def review(
    number: int, login: str, state: str = "approve", commit: str | None = "", body: str = "",
    forge: str = "github", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """Review `number`, given so many minutes after ten o'clock."""
    moment = (BEGUN + timedelta(minutes=number)).astimezone(UTC)
    value = {
        "id": 9000 + number,
        "user": user(login, forge),
        "body": body,
        "state": STATES[forge].get(state, state),
        "commit_id": commit,
        "submitted_at": moment.isoformat().replace("+00:00", "Z"),
    }
    page = f"https://{HOST}/yunlan/archive/pull/12"
    value |= {"html_url": f"{page}#{number}", "pull_request_url": page}
    if forge == "gitea":
        return value | {"stale": False, "official": True, "dismissed": False} | more
    links = {"html": {"href": f"{page}#{number}"}, "pull_request": {"href": page}}
    return value | {"node_id": "PRR", "author_association": "MEMBER", "_links": links} | more


def payload(
    head: str, reviews: Iterable[dict[str, Any]], opener: str = "zz-a", **more: Any
) -> dict[str, Any]:
    """The file that a workflow writes; reviews without a commit are of the head."""
    repository = {"id": REPOSITORY, "full_name": "yunlan/archive"}
    pull = {
        "number": 12,
        "state": "open",
        "html_url": f"https://{HOST}/yunlan/archive/pull/12",
        "user": user(opener),
        "head": {"sha": head, "ref": "proposal", "repo": repository},
        "base": {"sha": "b" * 40, "ref": "main", "repo": repository},
    } | more
    rows = [r | {"commit_id": head if r["commit_id"] == "" else r["commit_id"]} for r in reviews]
    return {"pull": pull, "reviews": rows, "complete": True}


def stored(folder: Path, value: Any) -> Path:
    path = folder / "reviews.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def minute(number: int) -> datetime:
    """When review `number` was given."""
    return BEGUN + timedelta(minutes=number)
