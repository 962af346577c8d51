"""The regulation on the site, article by article, with what is checked."""
