"""Tools for maintainers: message catalogues, locks. No part of the installed program."""
