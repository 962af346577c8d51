"""What a reader verifies with: bundle, commands, keys, roster and log as files."""
