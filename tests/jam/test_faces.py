import pytest

from jam.domain.faces import HUES, hue, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana", "A"),
        ("María José Pérez", "MP"),
        ("  ada   lovelace ", "AL"),
        ("王小明", "王"),
        ("نور الهدى", "ن"),
        ("Ελένη Παπά", "ΕΠ"),
        ("(guest) 7", "G7"),
        ("ß", "S"),
        ("🙂", "?"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_name_has_one_colour() -> None:
    assert hue("Ana") == hue("ANA")
    assert {hue(str(number)) for number in range(400)} == set(range(HUES))
