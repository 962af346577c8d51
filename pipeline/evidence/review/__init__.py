"""Signed statements and what counts of them: reviews, records, bundles, erasures."""
