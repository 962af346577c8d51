"""A bare repository on a machine of one's own, which a hook guards."""
