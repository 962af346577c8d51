"""One way: git objects → values → verdicts → reports and site (design.md §3)."""
