# SPDX-License-Identifier: Apache-2.0
"""HTML is escaped by construction."""

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from coreline_server.console.html import Html, render, tag


def test_text_is_escaped_and_elements_are_not() -> None:
    made = tag("p", "<b>", tag("b", "&"), 7, None, [tag("i"), "'"], class_='"x"', hidden=True)
    assert made == ('<p class="&quot;x&quot;" hidden>&lt;b&gt;<b>&amp;</b>7<i></i>&#x27;</p>')
    assert isinstance(made, Html)


def test_void_elements_have_no_end_and_false_attributes_are_left_out() -> None:
    assert tag("input", required=False, maxlength=None, value="") == '<input value="">'
    assert tag("a", "x", aria_current="page", for_="y") == '<a aria-current="page" for="y">x</a>'


class Reader(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.text = ""
        self.title: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.title = dict(attrs).get("title")

    def handle_data(self, data: str) -> None:
        self.text += data


PLAIN = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(text=PLAIN, title=PLAIN)
def test_whatever_the_text_the_page_has_our_elements_alone(text: str, title: str) -> None:
    reader = Reader()
    reader.feed(render(tag("p", text, title=title)))
    reader.close()
    assert reader.elements == ["p"]
    assert reader.text == text
    assert reader.title == title
