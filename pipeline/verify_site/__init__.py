"""Check a published site as a stranger does: no repository, no git in reach.

- `site`: the whole of it, file by file and signature by signature.
- `page`: what a post's page shows as signed (found by `markup`), and the files beside it.
- `publications`, `corrections`: the records of a post, against its reviews and the log.
- `log`: the publication log, alone or with its site. `rosters`: those that reviews name.
"""
