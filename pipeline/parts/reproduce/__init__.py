"""A published site made again from a clone, and compared address by address."""
