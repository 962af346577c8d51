"""Hand a year over to the archive room as one bag that can be verified alone.

- `export`: what goes into it, and what it says of itself.
- `bagit_writer`: the bag, whole or not at all.
"""
