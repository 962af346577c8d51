"""A bureau whose main is mirrored to a second forge, and the change that hands over to it."""

from collections.abc import Iterable
from typing import Any

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.witness import ACCOUNTS, FORGE, RECOMMENDED, account, click, governed

MIRROR = "mirror.example/3"
HERE, THERE = FORGE.partition("/")[0], MIRROR.partition("/")[0]
THERE_ACCOUNTS = {name: number + 1 for name, number in ACCOUNTS.items()}
"""On the mirror each number is another person's than here."""
POLICY = "content/policy.yml"


def on_both(*steps: str) -> dict[str, Any]:
    """What `ArchiveRepo.begin` takes: everybody has an account on both forges."""
    given = governed(*(steps or RECOMMENDED))
    rows = given["changed"]["roster"]["forge_accounts"]
    rows += [account(who, forge=THERE, id=id) for who, id in THERE_ACCOUNTS.items()]
    return given


def hand_over(archive: ArchiveRepo, day: str, to: str = MIRROR) -> None:
    """Append the setting of `review.forge` that names the other forge from a day on."""
    lines = archive.read(POLICY).decode().split("\n")
    start = lines.index("  review.forge:") + 1
    end = next(n for n in range(start, len(lines)) if not lines[n].startswith("    "))
    added = [
        f'    - value: "{to}"', '      unit: "主机/仓库编号"',
        '      source: "[D] 本项目自定：平台见证的审核"', f'      effective_from: "{day}"',
    ]  # fmt: skip
    archive.write(POLICY, "\n".join([*lines[:end], *added, *lines[end:]]).encode())


def consented(archive: ArchiveRepo, people: Iterable[tuple[str, str]] = ()) -> None:
    """Two authorise what the branch changes of policy."""
    archive.commit("交接", "gly-a")
    for person, role in people or (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        archive.authorise(person, role)
    archive.commit("授权", "gly-a")


def pressed(archive: ArchiveRepo, step: str, forge: str, moment: Any, post: str = POST) -> str:
    """Record a click of that moment on one of the forges."""
    who = {"first": "xxy-a", "second": "kz-a"}[step]
    number = (ACCOUNTS if forge == FORGE else THERE_ACCOUNTS)[who]
    told = {"forge": forge, "account": number}
    return click(archive, post, step, witness=told, signed_at=moment)
