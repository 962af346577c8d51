"""Check a published site as a stranger does: no repository, no git in reach.

- `site`: the whole of it, file by file and signature by signature.
- `page`, `facts`, `page_publications`: what a post's page shows, against what was signed.
- `log`: the publication log, alone or with its site. `rosters`: those that reviews name.
"""
