"""Signatures and what they prove.

- `ssh/`: keys and signatures. `review/`: statements, the chain of steps.
- `log/`: the publication log. `roster`: problems of a roster.
"""
