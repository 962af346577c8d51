"""What a run keeps for the next one. It may be deleted at any time and never passes a refusal.

- `store`: sealed rows in one SQLite file; the key of the seal lies outside the repository.
- `verdict_cache`: verdicts on changes of main.
- `snapshot`: what stood at a commit of main, and its log.
"""
