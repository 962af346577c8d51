"""The departments of the bureau (Articles 6 and 7), and what each contributes."""
