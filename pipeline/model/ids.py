"""What a string is: mypy keeps a person's id from a post's, and at run time both are strings.

Each is made where it is read (an argument, a path, an answer of git), and handed on after that.
"""

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
