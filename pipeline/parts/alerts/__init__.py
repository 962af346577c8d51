"""Warnings: the page of those in force, a message in the Common Alerting Protocol, their feed."""
