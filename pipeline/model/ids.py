"""What a string is: mypy keeps a person's id from a post's, and at run time both are strings.

Each is made where it is read (an argument, a path, an answer of git), and handed on after that.
"""

import hashlib
from typing import NewType

PersonId = NewType("PersonId", str)
"""Id of an entry of people.yml."""
NO_PERSON = PersonId("")
AccountId = NewType("AccountId", str)
"""Id of an entry of accounts.yml."""
PostId = NewType("PostId", str)
"""Folder of a post, which begins with its day: ``2026-11-03-fire-drill``."""
NO_POST = PostId("")
CommitId = NewType("CommitId", str)
"""Object id of a commit, in hex; what a person types (``HEAD``, ``main``, a span) is str."""
NO_COMMIT = CommitId("")
BranchName = NewType("BranchName", str)
"""Name of a branch, short (``draft/x``) or full (``refs/remotes/origin/x``)."""
NO_BRANCH = BranchName("")
ClauseId = NewType("ClauseId", str)
"""Number of a clause (``R05-4``, ``F-2``), as rulebook, schemas and waivers name it."""
NO_CLAUSE = ClauseId("")
_NUMBERS = "R11-1 R11-2 R11-4 R11-5 R12-1 R13-2 R13-7 R13-8 R13-10 R15-2 R17-2 R18-1 F-5"
R11_1, R11_2, R11_4, R11_5, R12_1, R13_2, R13_7, R13_8, R13_10, R15_2, R17_2, R18_1, F_5 = map(
    ClauseId, _NUMBERS.split()
)
"""Those that reading and the judge name themselves; all others come from rulebook and schemas.
R11-2 is the form of a file (格式 is part of the first review), R13-7 what is governed."""

Digest = NewType("Digest", str)
"""sha256 of bytes, in hex."""
NO_DIGEST = Digest("")


def sha256_of(raw: bytes) -> Digest:
    """Of bytes at hand; what a file or a statement holds becomes one where it is read."""
    return Digest(hashlib.sha256(raw).hexdigest())
