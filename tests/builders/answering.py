"""Two people answer for a commit that broke the rules."""

from pipeline.sign import act
from pipeline.sign.acts.authorise import AUTHORISE, Consent
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, sign_as


def acknowledge(archive: ArchiveRepo, commits: list[str], *signers: tuple[str, str]) -> None:
    """Sign for commits as (person, whose key is used), and commit that."""
    for person, holder in signers:
        place = act.open_context(archive.open(), at("2026-11-05 12:00"), frozenset())
        who = place.trusted.registers.people[person]
        asked = Consent(base="HEAD", reason="误推，已恢复", acknowledged=tuple(commits))
        made = AUTHORISE.sign(
            asked, place, who, at("2026-11-05 12:00"),
            lambda m, holder=holder: sign_as(holder, m),
        )  # fmt: skip
        act.write_record(archive.root, made.record)
    archive.commit("说明", "gly-a")
