"""What readers verify with: the bundle of each post, and the roster and log of the archive."""
