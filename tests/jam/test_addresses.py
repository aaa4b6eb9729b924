"""Lists of addresses as people send them: nothing is lost, nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jam.domain.address_lists import Row, decode, layout_of, rows_of
from jam.domain.addresses import NotAnAddress, read_address


def rows(text: str) -> list[Row]:
    return list(rows_of(text, layout_of(text)))


def emails(text: str) -> list[str]:
    return [row.address.email if row.address else row.fault for row in rows(text)]


@pytest.mark.parametrize(
    ("written", "email", "odd"),
    [
        ("Ana@Example.ORG", "ana@example.org", ""),
        (" ana@example.org; ", "ana@example.org", ""),
        ("Ana B <ana@example.org>", "ana@example.org", ""),
        ('"B, Ana" <ana@example.org>', "ana@example.org", ""),
        ("mailto:ana@example.org", "ana@example.org", ""),
        ("ana+jam@example.org", "ana+jam@example.org", "plus"),
        ("o'neil@example.org", "o'neil@example.org", ""),
        ("ana@bücher.example", "ana@xn--bcher-kva.example", "domain"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example", "domain"),
        ("añá@example.org", "añá@example.org", "local"),
        ('"ana b"@example.org', '"ana b"@example.org', "quotes"),
        ("ana@例え.テスト", "ana@xn--r8jz45g.xn--zckzah", "domain"),
    ],
)
def test_what_could_be_an_address_is_one(written: str, email: str, odd: str) -> None:
    read = read_address(written)

    assert (read.email, read.odd) == (email, odd)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("ana", "no-at"),
        ("", "no-at"),
        ("@example.org", "half"),
        ("ana@", "half"),
        ("ana@home", "domain"),
        ("ana@192.0.2.1", "domain"),
        ("ana@[192.0.2.1]", "domain"),
        ("ana@-example.org", "domain"),
        ("ana@exa mple.org", "space"),
        ("ana b@example.org", "space"),
        ("ana@b@example.org", "two-ats"),
        (".ana@example.org", "dots"),
        ("a..na@example.org", "dots"),
        ("a,na@example.org", "character"),
        ("ana\u200b@example.org", "control"),
        ("ana\x00@example.org", "control"),
        ("a" * 65 + "@example.org", "long"),
        ("ana@" + "a." * 130 + "org", "domain"),
    ],
)
def test_what_is_none_is_told_why(written: str, reason: str) -> None:
    with pytest.raises(NotAnAddress) as error:
        read_address(written)

    assert error.value.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "a@x.org\nb@x.org",
        "a@x.org, b@x.org",
        "a@x.org; b@x.org\n",
        "Email\r\na@x.org\r\nb@x.org\r\n",
        "name;E-Mail;role\nAna;a@x.org;guest\nBen;b@x.org;",
        '"Ana, B" <a@x.org>\n"b@x.org"',
        "email\ta\n a@x.org\tz\nb@x.org",
        "a@x.org\rb@x.org\r",
    ],
)
def test_lists_are_read_however_they_are_written(text: str) -> None:
    assert emails(text) == ["a@x.org", "b@x.org"]


def test_columns_are_known_by_their_heading_or_their_place() -> None:
    named = rows("Role,Organisation,Name,Email,Shoe\nguest,Harbour,Ana,ana@x.org,38")[0]
    placed = rows("ana@x.org,Ana,Harbour,Guest")[0]

    for row in (named, placed):
        assert (row.name, row.affiliation, row.role) == ("Ana", "Harbour", "guest")
    assert (named.number, placed.number) == (2, 1)
    assert layout_of("Email,Shoe\n").unknown == ("shoe",)


def test_every_row_is_told_of_also_a_broken_one() -> None:
    text = 'email,name\nana@x.org,Ana\n\n,\nben\n"cy@x.org,Cy\ndee@x.org,Dee,more\neve@x.org\n"fay@x.org","Fay\nB"\n'

    assert [(row.number, row.address.email if row.address else row.fault) for row in rows(text)] == [
        (2, "ana@x.org"),
        (3, "empty"),
        (4, "empty"),
        (5, "not-an-address"),
        (6, "not-an-address"),
        (7, "columns"),
        (8, "eve@x.org"),
        (9, "fay@x.org"),
    ]


def test_a_quotation_mark_that_is_never_closed_swallows_no_list() -> None:
    text = "email\n" + '"broken@x.org,B\n' + "".join(f"a{number}@x.org\n" for number in range(50))

    found = emails(text)

    assert found[0] == "not-an-address"
    assert found[1:] == [f"a{number}@x.org" for number in range(50)]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("añá@x.org".encode(), "utf-8"),
        ("añá@x.org".encode("utf-8-sig"), "utf-8"),
        ("añá@x.org".encode("utf-16"), "utf-16"),
        ("añá@x.org, a@x.org".encode("utf-16-le"), "utf-16"),
        ("añá@x.org, a@x.org".encode("utf-16-be"), "utf-16"),
        ("añá@x.org".encode("latin-1"), "latin-1"),
        ("€, añá@x.org".encode("cp1252"), "latin-1"),
    ],
)
def test_other_encodings_are_found_out_and_named(content: bytes, encoding: str) -> None:
    text, found = decode(content)

    assert found == encoding
    assert "añá@x.org" in text


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content: bytes) -> None:
    text, _encoding = decode(content)

    numbers = [row.number for row in rows(text)]

    assert numbers == sorted(set(numbers))


@given(st.text(alphabet='a@x.,;"\n\r\t <>', max_size=200))
def test_no_row_gets_lost(text: str) -> None:
    for row in rows(text):
        assert (row.address is None) == bool(row.fault)
