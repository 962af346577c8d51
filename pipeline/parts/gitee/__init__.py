"""Gitee, whose reviews know acceptance alone."""
