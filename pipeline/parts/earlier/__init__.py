"""What accounts carried before the archive was begun: listed, signed by a head, not reviewed."""
