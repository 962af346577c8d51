"""An APP of the bureau: plain HTML, and the post as an item of its feed."""
