"""Figures of accounts and months, as the site shows them."""
