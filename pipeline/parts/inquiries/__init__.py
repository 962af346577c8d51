"""Questions and answers: what comes in, what is relayed from above, imported from files."""
