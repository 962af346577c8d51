"""Pieces of HTML that several pages share: media, tables, differences, meta tags."""
