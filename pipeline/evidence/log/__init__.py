"""The publication log: leaves, Merkle tree, tiles and signed checkpoints."""
