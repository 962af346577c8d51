"""SSH keys and signatures, verified in process with the answers of `ssh-keygen`."""
