"""One file per article of the regulation; found by name, strangers to one another."""
