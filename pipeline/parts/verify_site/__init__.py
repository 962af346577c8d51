"""Check a published site as a stranger does: without the repository, and without git.

- `site`: the whole site, file by file and signature by signature; the records of a post and the
  rosters that reviews name, against reviews and log.
- `page`: what a post's page shows as signed, and the files beside it.
- `log`: the publication log, alone or with its site.
"""
