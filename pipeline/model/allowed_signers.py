"""The roster as stock OpenSSH reads it."""

from pipeline.model.calendar import utc_stamp
from pipeline.model.registers import Roster


def allowed_signers(roster: Roster, namespace: str) -> str:
    """The roster for ``ssh-keygen -Y verify -f`` (ssh-keygen(1), ALLOWED SIGNERS), a line a key.

    A compromised key is left out unless it is void from a point only: then what stood before still
    counts, and whether a signature stood there is for `sanshen audit` to say. A retired key ends
    at its revocation.
    """
    lines = []
    for key in roster.keys:
        if key.revocation == "compromised" and not key.kept:
            continue
        options = [f'namespaces="{namespace}"', f'valid-after="{utc_stamp(key.valid_from)}"']
        options += [f'valid-before="{utc_stamp(key.end)}"'] if key.end else []
        lines.append(f"{key.person} {','.join(options)} {key.line}\n")
    return "".join(lines)
