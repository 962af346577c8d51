"""已发布: posts that main holds, found again, and corrected, updated, withdrawn or lifted.

Each change begins as a draft of the person who asks for it: the next revision with the record that
tells readers why, in one commit. It is shown as readers will see it, and goes through the reviews
that every post goes through. `changes` says what each makes of a post, and holds nothing else.
"""
