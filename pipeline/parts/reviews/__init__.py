"""Reviews and their page: a post as readers will see it, what changed, and the decision."""
