"""A post as the archive shows it, and what every channel is made of: one parse of its body.

- `tokens`, `token_words`: Markdown as tokens, and their words, links and headings.
- `body`: tokens with source line and label, as every channel starts from them.
- `markup`: HTML of tokens, and the filter that every fragment passes.
- `archive`: the archive's own page, and what every channel refuses of a post.
- `sentences`: a body cut into sentences, what went and came in one; `comparison`: two revisions
  held against each other.
- `validity`: whether a post is valid at a time; `xml_text`: escaping.
"""
