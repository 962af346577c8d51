"""Everything that is read: `git/` knows objects and history, `content/` knows files."""
