"""The demo archive: its content's images, its signatures, and its layout as a real repository."""
