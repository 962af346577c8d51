"""Time stamps of an authority beside reviews (RFC 3161)."""
