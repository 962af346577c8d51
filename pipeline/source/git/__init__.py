"""git objects as values: trees, commits, history and the working tree.

- `git_process` starts git, `objects` reads objects in bulk, `repository` is what others use.
- `tree`, `tree_listing`: the files of a tree, lazily. `worktree`: the same of files on disk.
- `proposed`, `branches`: a change against its base, and the branches not yet on main.
- `history`, `bulk_history`: main's past.
"""
