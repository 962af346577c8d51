"""What is let stand or taken away by signature: waivers of findings, erasures of posts.

A rectification explains what cannot be mended, and a head closes it.
"""
