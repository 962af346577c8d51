"""Law, rules and schemas as one rulebook, and the engine that judges by it.

- `regulation`: the text of the law, article by article.
- `rulebook`: law × rules × schemas, one to one, or there is no verdict.
- `engine`: runs every clause on every subject; what cannot run refuses.
- `tree_rules`: the rules that a tree carries, held against those that run.

The rules themselves are in `pipeline/rules`, a file an article: archives carry that path.
"""
