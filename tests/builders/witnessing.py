"""Run `sanshen witness` on an archive, as the workflow does."""

import json
from typing import Any

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, private_key_file
from tests.builders.payloads import stored
from tests.builders.verdicts import run
from tests.builders.witness import BOT


def witnessed(
    archive: ArchiveRepo, value: Any, *more: str, code: int = 0, key: str = BOT
) -> dict[str, Any]:
    """The JSON answer of the command; of a fault, what it says."""
    folder = archive.root.parent
    done = run(
        archive.root, "witness", "--head", archive.head(), "--reviews", str(stored(folder, value)),
        "--key", str(private_key_file(key, folder)), "--format", "json",
        "--as-of", AS_OF.isoformat(), *more, lang="names",
    )  # fmt: skip
    assert done.returncode == code, (done.stdout, done.stderr)
    answer: dict[str, Any] = {"error": done.stderr} if code == 1 else json.loads(done.stdout)
    return answer


def recorded(archive: ArchiveRepo, value: Any) -> None:
    """Record what a payload supports, and push it onto the branch."""
    archive.git("merge", "--quiet", "--ff-only", witnessed(archive, value)["commit"])
    value["pull"]["head"]["sha"] = archive.head()
