"""Another policy, or another program, tried on what stands."""
