"""What people sign, an act a module: what it asks for, what it shows, what it states."""
