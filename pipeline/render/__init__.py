"""A post as each channel shows it, rendered from one parse of its body.

- `tokens`, `token_words`: Markdown as tokens, and their words, links and headings.
- `body`: tokens with source line and label, as every channel starts from them.
- `markup`: HTML of tokens, and the filter that every fragment passes.
- `archive` (also the APP), `wechat`, `weibo`: the channels; `channels` renders and checks them all.
- `wechat_check`, `wechat_tree`: what WeChat's editor takes, and its dark mode.
- `sentences`: a body cut into sentences, what went and came in one; `comparison`: two revisions
  held against each other.
- `form`: the approval form; `validity`: whether a post is valid at a time; `xml_text`: escaping.
"""
