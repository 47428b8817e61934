"""Of what a browser sends as cookies, what is looked at."""

from __future__ import annotations

import pytest

from config.cookies import only_plain


@pytest.mark.parametrize(
    "header",
    ["", "a=1", "__Host-sessionid=abc; __Host-csrftoken=d", "survey-a_b=x.y:z==", 'messages="a b\\054 c"; empty='],
)
def test_plain_cookies_stay_as_they_are(header: str) -> None:
    assert only_plain(header) == header


@pytest.mark.parametrize("name", ["", "a b", "a\u2000", "\u00e4", '"a"', "a,b", "\x1fa", "a\x00"])
def test_of_another_name_it_is_dropped(name: str) -> None:
    assert only_plain(f"a=1; {name.encode().decode('latin-1')}=2; c=3") == "a=1; c=3"


def test_blanks_around_a_name_make_no_other() -> None:
    assert only_plain("a=1;b=2 ;\tc =3") == "a=1; b=2; c=3"
    assert only_plain("a=1; a =2; b=3") == "b=3"


def test_without_a_name_it_is_dropped() -> None:
    assert only_plain("a=1; planted; =b=2") == "a=1"
