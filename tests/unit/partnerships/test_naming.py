import pytest

from partnerships.naming import readable_name, same_name, short_slug


@pytest.mark.parametrize(
    ("shouted", "readable"),
    [
        ("SOMERSET NHS FOUNDATION TRUST", "Somerset NHS Foundation Trust"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
        ("NHS STAFFORDSHIRE AND STOKE-ON-TRENT ICB", "NHS Staffordshire and Stoke-on-Trent ICB"),
        ("THE DENSHAM SURGERY", "The Densham Surgery"),
        ("NHS NORTH EAST AND NORTH CUMBRIA ICB - 00L", "NHS North East and North Cumbria ICB - 00L"),
        ("Already written with care", "Already written with care"),
        ("", ""),
    ],
)
def test_readable_name(shouted: str, readable: str) -> None:
    assert readable_name(shouted) == readable


def test_capitals_and_spacing_make_no_new_name() -> None:
    assert same_name("SOMERSET  NHS TRUST", "Somerset NHS Trust")
    assert not same_name("Somerset NHS Trust", "Somerset NHS Foundation Trust")


def test_short_slug_is_cut_at_a_word() -> None:
    slug = short_slug("A VERY LONG NAME OF A PARTNERSHIP THAT GOES ON AND ON FOR A GOOD WHILE LONGER")
    assert len(slug) <= 60
    assert slug == "a-very-long-name-of-a-partnership-that-goes-on-and-on-for-a"
    assert short_slug("!!!") == "partnership"
