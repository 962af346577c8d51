"""What is let stand or taken away by signature: waivers of findings, erasures of posts."""
