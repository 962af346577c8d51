"""Files of an archive as values, with problems as values too.

- `text`: bytes to text and YAML, strictly. `paths`: what a path is for, where posts lie.
- `posts`, `records`: posts, plain records and signed ones.
- `registers`, `cross_checks`: governance, and whether it agrees with itself.
"""
