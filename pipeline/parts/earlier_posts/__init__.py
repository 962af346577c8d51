"""建库前的发布: what accounts published before the archive was begun."""
