"""A bureau whose workflow witnesses reviews on a forge, and records such reviews right or wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import SIGNERS, SINCE, email, key, person, registers
from tests.builders.evidence import CAST

BOT = "bot"
HOST, REPOSITORY = "forge.example", 7
FORGE = f"{HOST}/{REPOSITORY}"
ACCOUNTS = {name: 101 + number for number, name in enumerate(("zz-a", *SIGNERS))}
"""Person → number of their account on the forge."""
RECOMMENDED = ("first", "second")


def account(owner: str, **more: Any) -> dict[str, Any]:
    """A row of the roster's accounts."""
    start = f"{SINCE}T00:00:00+08:00"
    return {"person": owner, "forge": HOST, "id": ACCOUNTS[owner], "from": start} | more


def governed(*steps: str, forge: str = FORGE) -> dict[str, Any]:
    """What `ArchiveRepo.begin` takes: a witness, everybody's account, and a policy for `steps`."""
    value = registers()
    value["people"]["people"].append(person(BOT, "witness@xjk", emails=[email(BOT)]))
    value["roster"]["keys"].append(key(BOT))
    value["roster"]["forge_accounts"] = [account(name) for name in ACCOUNTS]
    changed = {name: value[name] for name in ("people", "roster")}
    parameters = {"review.witnessed_steps": list(steps or RECOMMENDED), "review.forge": forge}
    return {"changed": changed, "parameters": parameters}


def seen(reviewer: str, **changes: Any) -> dict[str, Any]:
    """What a right statement tells of a click."""
    return {
        "by": BOT,
        "forge": FORGE,
        "pull": 12,
        "review": 9001,
        "account": ACCOUNTS.get(reviewer, 900),
        "login": reviewer,
        "commit": "c" * 40,
    } | changes


def click(
    archive: ArchiveRepo, post: str, step: str, reviewer: str = "", /, *, key: str = BOT,
    witness: Mapping[str, Any] | None = None, **predicate: Any,
) -> str:  # fmt: skip
    """Record a witnessed review, right unless told otherwise; the path of the statement."""
    who = reviewer or CAST[step]
    told = seen(who, **(witness or {}))
    return archive.review(post, step, who, key=key, witness=told, **predicate)


class Clicked(ArchiveRepo):
    """An archive whose first two steps are clicks, unless a test names the key that signs."""

    @classmethod
    def begin(cls, root: Path, **more: Any) -> "ArchiveRepo":
        given = governed()
        given["changed"] |= more.pop("changed", None) or {}
        given["parameters"] |= more.pop("parameters", None) or {}
        return super().begin(root, **given, **more)

    def review(
        self, post: str, step: str, person: str = "", /, *, key: str = "", **predicate: Any
    ) -> str:
        if step in RECOMMENDED and not key:
            key, told = BOT, seen(person or CAST[step])
            predicate = {"witness": told} | predicate
        return super().review(post, step, person, key=key, **predicate)

    def register(self, name: str, value: Any) -> None:
        """Whatever a test writes, the witness stays."""
        given = governed()["changed"]
        if name == "people" and BOT not in {row["id"] for row in value["people"]}:
            value = value | {"people": [*value["people"], given["people"]["people"][-1]]}
        if name == "roster":
            rows = value["keys"]
            if BOT not in {row["person"] for row in rows}:
                rows = [*rows, given["roster"]["keys"][-1]]
            accounts = value.get("forge_accounts", given["roster"]["forge_accounts"])
            value = value | {"keys": rows, "forge_accounts": accounts}
        super().register(name, value)


def drafted(folder: Path) -> ArchiveRepo:
    """An archive where clicks count, with a draft on its proposal."""
    repo = ArchiveRepo.begin(folder, **governed())
    repo.branch("proposal")
    repo.draft()
    repo.commit("起草")
    return repo
