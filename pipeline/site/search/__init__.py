"""The search index: folded text, posting lists of two characters, one unit a part."""
