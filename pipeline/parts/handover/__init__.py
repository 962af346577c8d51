"""Hand a year over to the archive room as one bag that can be verified alone."""
