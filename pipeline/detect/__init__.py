"""Detectors: pure functions from a text or the bytes of a file to findings with offsets.

- `folding`: one form of a text for matching, with the way back to the original offsets; tables are
  read with their labels. Where words end, by a dictionary that only a match loads.
- `words` (lexicons) and `terms` (near-misses): all entries of a register in one pass.
- `classes`: classes of words as data, each with examples, in `classes/`.
- `purposes`: forced following, advertising, gossip, views and moods by classes of words, which
  `forms` looks for in one pass.
- `private`, `private_numbers`, `secrets`: what no post may show; a match is never the value.
- `alerts`: warnings by hazard, colour and level.
- `facts`, `titles`, `typography`: dates, accidents, document numbers, a title against
  its text, slips.
- `links`, `reprint`, `post_words`: targets, reprints, every word of a post with its location.
- `attachments`, `formats`, `machine_made`: files beside a post, within one budget.
- `drift`: a page as a platform shows it against the approved text.
"""
