"""Gitea and Forgejo: which settings make their reviews and their main trustworthy."""
