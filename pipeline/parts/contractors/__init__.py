"""Companies that work for the bureau (Article 6): the register, and the checks of their work."""
