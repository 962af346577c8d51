"""An article's tree is freed with its last use."""

import gc

from pipeline.detect.html_tree import tree_of


def test_a_tree_goes_with_its_last_use():
    """Thousands are made while nobody looks for cycles (`pipeline.starting.short`)."""
    gc.freeze()  # what is there by now is not looked at
    tree_of("<section><p>一<strong>二</strong></p><p>三</p></section>")
    tree_of("<section><p>一<strong>二</strong></p><p>三</section>")
    assert gc.collect() == 0
