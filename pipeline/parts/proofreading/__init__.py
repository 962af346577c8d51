"""Slips of the pen, found by a model that no verdict rests on (docs/decisions/0051)."""
