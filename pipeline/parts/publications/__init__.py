"""What accounts carried: the page to copy from, and the signed record."""
