"""Files of an archive as values: YAML, posts, registers, records and their paths."""
