"""Sanshen (三审): three-tier review of official social media, judged and published from git."""

__version__ = "0.9.0"
