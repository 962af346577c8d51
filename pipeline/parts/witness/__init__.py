"""What a forge adds to an archive: proposals, reviews by click, settings.

Only `witness` writes: git objects that no branch leads to.

- `settings`: the JSON that a forge's API answers, and the commands that change it.
- `github`, `gitea`: checks of these settings, each with the command that mends a flaw.
- `doctor`: all checks of one forge; what could not be read is "not checked", never fine.
- `payload`: parses a proposal and its reviews as any of these forges answers.
- `selection`: which clicks become records of a post, a pure function (docs/decisions/0042).
- `proposals`: opens the proposal of a branch, and says above its report who is next.
- `witness`: signs, proves and commits them.
"""
