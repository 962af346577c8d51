"""What falls due for whom, and the declarations that answer it."""
