"""For machines: feeds, linked data, the catalogue."""
