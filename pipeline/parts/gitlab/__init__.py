"""GitLab, whose approvals name no commit."""
