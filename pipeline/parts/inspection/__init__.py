"""What an inspector asks for: the quarter, and who had access."""
