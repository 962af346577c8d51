"""Lists of words that a bureau keeps: fixed terms (Article 15) and words to avoid (13, 15, 16)."""
