"""A real Gitea or Forgejo, played by `make forge`; what needs no server are ordinary tests.

- `server`: its API, its program started on loopback, and what it answered written down.
- `bureau`: an archive there, with accounts, organisation and tokens of the server's own.
- `way`, `clicks`, `buttons`, `faults`, `settings`, `hostile`, `chance`: the scenes.
"""
