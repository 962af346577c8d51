"""What a forge adds to an archive: reviews by click, a round over its proposals, its settings.

Only `verb` writes: git objects that no branch leads to.

- `settings`: the JSON that a forge's API answers, and the commands that change it.
- `payload`: parses a proposal and its reviews as any of these forges answers.
- `selection`: which clicks become records of a post, a pure function (docs/decisions/0042).
- `proposals`: what a proposal is told: who is next, which reviews count, how it stands.
- `report`: what a round writes onto a proposal, on every forge.
- `github_round`: the steps of GitHub's workflow; `forge_verb`: a look by a machine, and all
  checks of one forge, where what could not be read is "not checked", never fine.
- `verb`: signs, proves and commits them.
"""
