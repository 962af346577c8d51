"""git objects as values: trees, commits, history and the working tree."""
