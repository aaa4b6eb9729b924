"""Coming in as people do, in a real browser: by a passkey, with an app's codes, and by a real provider."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import Person
from tests.cast import PASSWORD, Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually
from tests.e2e.test_every_page import STILL, look
from tests.oidc import real
from tests.oidc.real import Provider

pytestmark = [pytest.mark.e2e]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with real.running(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, harbour: Provider) -> Iterator[Site]:
    """The web process, which knows a provider and is also called localhost: a number is no name for a passkey."""
    app = harbour.app()
    site = Site(
        tmp_path_factory.mktemp("site"),
        ALLOWED_HOSTS="localhost",
        OIDC_PROVIDERS="harbour",
        OIDC_HARBOUR_NAME=app["name"],
        OIDC_HARBOUR_URL=harbour.url,
        OIDC_HARBOUR_CLIENT_ID=app["client_id"],
        OIDC_HARBOUR_CLIENT_SECRET=app["secret"],
    )
    try:
        site.start()
        yield site
    finally:
        site.stop()


def named(site: Site) -> str:
    return f"http://localhost:{urlsplit(site.url).port}"


def device(page: Page, *, knows_its_owner: bool = True) -> CDPSession:
    """Gives the browser a device that keeps passkeys and has seen its owner's finger."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": knows_its_owner, "automaticPresenceSimulation": True}
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp


def sign_in(page: Page, name: str = "ana") -> None:
    page.goto("/accounts/login/?next=/profile/")
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, name: str = "Phone") -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_passkey_is_added_and_opens_the_door(cast: Cast, site: Site, open_page: OpenPage) -> None:
    page = open_page(base_url=named(site))
    device(page)
    sign_in(page)
    add_passkey(page)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert str(Authenticator.objects.get(type="webauthn")) == "Phone"
    sign_out(page)
    page.goto("/accounts/login/?next=/profile/sessions/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    assert page.url.endswith("/profile/sessions/")


def test_after_a_password_the_passkey_is_the_second_factor(cast: Cast, site: Site, open_page: OpenPage) -> None:
    page = open_page(base_url=named(site))
    device(page)
    sign_in(page)
    add_passkey(page)
    page.get_by_role("heading", name="Recovery codes").wait_for()
    sign_out(page)
    sign_in(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Ana", exact=True)).to_be_visible()


def test_a_device_that_does_not_know_its_owner_opens_nothing(cast: Cast, site: Site, open_page: OpenPage) -> None:
    page = open_page(base_url=named(site))
    cdp = device(page)
    sign_in(page)
    add_passkey(page)
    page.get_by_role("heading", name="Recovery codes").wait_for()
    sign_out(page)
    cdp.send("WebAuthn.disable")
    device(page, knows_its_owner=False)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey was given. Nothing has changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()


def test_where_a_site_has_no_name_the_page_says_why(cast: Cast, site: Site, open_page: OpenPage) -> None:
    page = open_page()
    device(page)
    sign_in(page)
    add_passkey(page)
    expect(page.get_by_text("Browsers take passkeys only on a site with a name and with https.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_who_is_suspended_is_let_in_by_no_passkey(cast: Cast, site: Site, open_page: OpenPage) -> None:
    page = open_page(base_url=named(site))
    device(page)
    sign_in(page)
    add_passkey(page)
    page.get_by_role("heading", name="Recovery codes").wait_for()
    sign_out(page)
    Person.objects.filter(pk=cast.ana.person_id).update(is_active=False)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="This account cannot be used")).to_be_visible()


def test_an_app_is_set_up_without_scripts(cast: Cast, site: Site, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page)
    page.get_by_role("link", name="Passkeys and second factor").click()
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    assert page.get_by_role("img", name="A QR code").locator("svg path").count() == 1
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Authenticator code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    code = page.locator(".codes li").first.inner_text()
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Ana", exact=True)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_provider_lets_in(cast: Cast, site: Site, open_page: OpenPage, scripts: bool) -> None:
    """The Content-Security-Policy lets no form lead elsewhere, so this is what shows that the way there is open."""
    page = open_page(java_script_enabled=scripts)
    page.goto("/accounts/login/?next=/profile/")
    page.get_by_role("button", name="Sign in with Harbour ID").click()
    page.get_by_label("Name").fill("nour")
    page.get_by_label("Password").fill(real.PASSWORD)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="Nour حداد")).to_be_visible()
    assert page.url == f"{site.url}/profile/"


def test_a_session_that_is_ended_elsewhere_hears_no_more(cast: Cast, site: Site, open_page: OpenPage) -> None:
    there, here = open_page(), open_page()
    for page in (there, here):
        sign_in(page)
        page.wait_for_url("**/profile/")
    frames, closed = [], []
    there.on("websocket", lambda line: line.on("framereceived", lambda frame: frames.append(frame)))
    there.on("websocket", lambda line: line.on("close", lambda line: closed.append(line)))
    there.goto(f"/jams/{cast.jam.slug}/")
    eventually(lambda: there.evaluate("1") and frames, what="a line is open")
    here.goto("/profile/sessions/")
    here.get_by_role("button", name="Sign out there").click()
    expect(here.get_by_text("You are signed out there.")).to_be_visible()
    eventually(lambda: there.evaluate("1") and closed, what="the line of the other session is closed")
    there.reload()
    expect(there.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


def key_pages() -> list[str]:
    key = Authenticator.objects.get(type="webauthn").pk
    return [f"/accounts/2fa/webauthn/{key}/{what}/" for what in ("edit", "remove")]


def test_the_pages_of_the_doors_fit_and_can_be_used_by_all(cast: Cast, site: Site, open_page: OpenPage) -> None:
    """Those that tests/e2e/test_every_page.py cannot open: they want a provider, a second factor or a fresh sign-in."""
    tab = open_page(base_url=named(site), **STILL)
    device(tab)
    wrong = []
    harbour = "/accounts/oidc/harbour/login/"
    for path in (
        "/accounts/login/",
        harbour,
        f"{harbour}?process=connect",
        f"{harbour}callback/",
        "/accounts/inactive/",
    ):
        tab.goto(path)
        wrong += look(tab, path)
    sign_in(tab)
    add_passkey(tab, "x" * 80)
    expect(tab.get_by_role("heading", name="Recovery codes")).to_be_visible()
    wrong += look(tab, "recovery codes")
    factors = ["/", "/webauthn/", "/webauthn/add/", "/totp/activate/", "/recovery-codes/generate/", "/reauthenticate/"]
    paths = [f"/accounts/2fa{path}" for path in (*factors, "/webauthn/reauthenticate/")]
    for path in (*paths, *key_pages(), "/accounts/3rdparty/", "/profile/sessions/", "/profile/tokens/"):
        tab.goto(path)
        wrong += look(tab, path)
    TOTP.activate(cast.ana.person, "A" * 32)
    tab.goto("/accounts/2fa/totp/deactivate/")
    wrong += look(tab, "deactivate")
    sign_out(tab)
    sign_in(tab)
    expect(tab.get_by_role("heading", name="One more step")).to_be_visible()
    wrong += look(tab, "authenticate")
    assert not wrong, "\n".join(wrong)
