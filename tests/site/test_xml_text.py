"""What stands in feeds and site maps is escaped as the standard library does."""

from xml.sax import saxutils

from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.xml_text import escape, quoteattr


@given(st.text(st.sampled_from("&<>\"'\n\r\t;#a汉")) | st.text())
def test_it_is_as_the_standard_library_has_it(text: str) -> None:
    assert escape(text) == saxutils.escape(text)
    assert quoteattr(text) == saxutils.quoteattr(text)
