"""GitHub: which settings make its reviews and its main trustworthy."""
