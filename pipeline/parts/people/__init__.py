"""People, their offices and keys, and the policy: entered, changed, proposed."""
