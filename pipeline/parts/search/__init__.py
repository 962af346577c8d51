"""Search in the reader's browser: the index and its spellings."""
