"""Frozen values that cross every boundary; no input or output happens here."""
