"""All input: `git/` reads objects and history, `content/` reads files."""
