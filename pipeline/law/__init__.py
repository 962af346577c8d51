"""Law, rules and schemas as one rulebook, and the engine that judges by it.

- `rulebook`: the law article by article, law × rules × schemas one to one or there is no verdict,
  and the rules that a tree carries, held against those that run.
- `engine`: runs every clause on every subject; what cannot run refuses.

The rules themselves are in `pipeline/rules`, a file an article: archives carry that path.
"""
