"""The approval form of the annex, as page, Word file and PDF."""
