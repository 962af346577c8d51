"""Tests of search in Chromium: a package of its own, for what its fixtures serve ends with it."""
