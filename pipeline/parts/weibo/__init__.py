"""Weibo: rendering, the platform's rules, what is copied there."""
