"""For machines: feeds, linked data, the catalogue, the texts of a year."""
