"""The roster's own file on the site: what the digest that readers hold is made of."""

from pipeline.detect.private import private_data
from pipeline.model.regex import regex
from pipeline.site.inputs import SiteInput

ROSTER = "content/registers/roster.yml"
_KEY = regex(r"ssh-\S+ \S+")


def public_roster(site: SiteInput) -> bytes | None:
    """The bytes of the roster, whole, for only so do they have their digest.

    None when remarks or mandates in it tell more than ids and keys: private data, or a person's
    name where policy shows none (threats A36).
    """
    raw = site.media(ROSTER)
    return None if tells_of_people(site, _KEY.sub("", raw.decode())) else raw


def tells_of_people(site: SiteInput, text: str) -> bool:
    """Whether a file holds private data, or a person's name where policy shows none."""
    registers = site.archive.registers
    names = {p.name for p in registers.people.values() if p.name}
    if not registers.policy.archive.get("show_names") and any(n in text for n in names):
        return True
    return any(f.certain for f in private_data(text))
