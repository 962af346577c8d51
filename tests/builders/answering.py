"""Two people answer for a commit that broke the rules."""

from pipeline.sign import authorise, signing_context
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, sign_as


def acknowledge(archive: ArchiveRepo, commits: list[str], *signers: tuple[str, str]) -> None:
    """Sign for commits as (person, whose key is used), and commit that."""
    for person, holder in signers:
        place = signing_context.open_context(archive.open(), at("2026-11-05 12:00"), frozenset())
        who = place.trusted.registers.people[person]
        made = authorise.authorisation(
            place, "HEAD", "误推，已恢复", who, at("2026-11-05 12:00"),
            lambda m, holder=holder: sign_as(holder, m), tuple(commits),
        )  # fmt: skip
        signing_context.write_record(archive.root, made)
    archive.commit("说明", "gly-a")
