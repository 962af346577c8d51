"""Files of an archive as values, with problems as values too.

- `text`, `yaml`: bytes to text and YAML, strictly. `paths`: which path may stand where.
- `posts`, `post_paths`: posts, and where they lie. `key_prefilter`: which may state a key.
- `records`, `publication_names`: plain and signed records; publications by their names.
- `registers`, `policy`, `cross_checks`: governance, and whether it agrees with itself.
"""
