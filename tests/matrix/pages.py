"""Every address of the site: with which right it answers a GET and a POST. What is not said is not served (405).

`get("read")` needs the right `read` of rights.py. A POST says what is sent besides: where somebody has the right it
must succeed, and where they have not, nothing may be written. `{names}` are numbers of the world. What is ANYTHING is a
package's own way through signing in, which only must not break.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Way:
    right: str
    data: dict[str, Any] | None = None
    """What is sent; None: nothing, and then it is enough that the answer is about what was not sent."""
    numbers: dict[str, str] = field(default_factory=dict)
    """What fills in the address, where it is not the number of that name."""
    keeps: str = ""
    """The table in which it is written what a refusal kept."""
    hides: bool = True
    """Whether another jam's number is as no number: not where the address has none, or none of a jam."""


Ways = dict[str, Way]


def get(right: str, data: dict[str, Any] | None = None, **numbers: str) -> Ways:
    return {"GET": Way(right, data, numbers)}


def post(right: str, data: dict[str, Any] | None = None, *, keeps: str = "", **numbers: str) -> Ways:
    return {"POST": Way(right, data, numbers, keeps)}


def both(right: str, data: dict[str, Any] | None = None, *, to_post: str = "", keeps: str = "", **numbers: str) -> Ways:
    return get(right, **numbers) | post(to_post or right, data, keeps=keeps, **numbers)


ANYTHING = "anything"
PICTURE = "(a picture)"
TEXT = {"body": "Light.", "request_key": "one"}
IDEA = TEXT | {"subject": "A bench"}
WHY = {"reason": "It sells lamps."}
HOUR = {"guest": "{guest_name}", "starts_at": "2030-01-01T10:00", "ends_at": "2030-01-01T11:00", "forum": "{forum_id}"}
WHOLE_JAM_HOUR = HOUR | {"forum": "", "starts_at": "2030-01-02T10:00", "ends_at": "2030-01-02T11:00"}

PAGES: dict[str, Ways] = {
    # --- threads -------------------------------------------------------------------------------------
    "threads:home": get("see"),
    "threads:forum": get("read"),
    "threads:start": both("keep", IDEA, to_post="post", keeps="threads_draft"),
    "threads:detail": get("read"),
    "threads:post": get("read"),
    "threads:first_unread": get("read"),
    "threads:next_unread": get("keep"),
    "threads:reply": both("keep", TEXT, to_post="post", keeps="threads_draft"),
    "threads:edit": both("post", TEXT | {"version": "{own_version}"}, post_id="own_post_id"),
    "threads:withdraw": get("keep", post_id="own_post_id") | post("post", {}, post_id="own_post_id"),
    "threads:put_back": post("post", {}, post_id="withdrawn_id"),
    "threads:history": get("read"),
    "threads:vote": post("post", {"value": "1"}),
    "threads:favourite": post("keep", {"keep": "1"}),
    "threads:image_add": post("post", {"picture-file": PICTURE, "picture-alt": "A dot"}),
    "threads:image": get("read", key="image_key"),
    "threads:search": get("read"),
    "threads:ideas": get("read"),
    "threads:tags": get("read"),
    "threads:orders": get("read"),
    "threads:shown": post("keep", {"post": "{post_id}"}),
    "threads:outcome": both("moderate", {"state": "done", "words": ""}, to_post="judge"),
    "threads:lock": post("moderate", {"reason": "Done."}),
    "threads:pin": post("moderate", {}),
    "threads:move_thread": both("moderate"),
    "threads:merge": both("moderate"),
    "threads:move_post": both("moderate"),
    "threads:split": both("moderate"),
    "threads:connect": get("moderate") | post("moderate", {"to": "{other_post_id}"}),
    "threads:moves": get("run"),
    "threads:undo_move": get("run") | post("moderate", {}),
    "threads:outcomes": get("read"),
    "threads:follows": both("keep", {"follow": "thread:{thread_id}"}),
    "threads:me": get("own"),
    "threads:own_votes": get("keep"),
    "threads:favourites": get("keep"),
    "threads:mine": get("own"),
    "threads:collect": both("keep", {"title": "Later"}),
    "threads:collections": both("keep", {"title": "Later"}),
    "threads:collection": get("keep"),
    "threads:collection_edit": both("keep", {"title": "Later"}),
    "threads:collection_delete": post("keep", {}),
    "threads:collection_share": post("keep", {"share": "1"}),
    "threads:collection_item": post("keep", {"action": "add"}),
    "threads:shared": get("link", key="share_key"),
    "threads:feeds": both("keep", {"action": "renew"}),
    "threads:jam_feed": get("of_the_key", member_id="feed_member_id", key="feed_key"),
    "threads:forum_feed": get("of_the_key", member_id="feed_member_id", key="feed_key"),
    "threads:search_feed": get("of_the_key", {"q": "lamp"}, member_id="feed_member_id", key="feed_key"),
    "threads:thread_feed": get("of_the_key", member_id="feed_member_id", key="feed_key"),
    "threads:preview": post("keep", {"body": "Light."}),
    "threads:people_suggest": get("keep"),
    "threads:tags_suggest": get("keep"),
    "threads:similar": get("keep"),
    "threads:people": get("people"),
    "threads:person": get("read"),
    "threads:person_edit": both("keep", {"name": "Lou", "affiliation": "", "about": ""}),
    "threads:seen": post("keep", {"post": "{post_id}"}),
    "threads:unread": get("keep"),
    "threads:catch_up": get("keep"),
    "threads:all_seen": post("keep", {"upto": "{post_id}"}),
    "threads:undo_all_seen": post("keep", {}),
    "threads:drafts": both("own", {"place": "forum:{forum_id}", "subject": "A", "body": "B"}),
    "threads:discard": post("own", {}),
    # --- moderation ----------------------------------------------------------------------------------
    "moderation:hide": both("moderate", WHY),
    "moderation:restore": both("moderate", WHY, post_id="hidden_id"),
    "moderation:console": get("run"),
    "moderation:console_post": both("run"),
    "moderation:queue": get("run"),
    "moderation:let_all_in": post("run", {}),
    "moderation:case": both("moderate"),
    "moderation:policy": both("address"),
    "moderation:person": both("run"),
    "moderation:slow_thread": both("moderate", {"minutes": "5"}),
    "moderation:slow_forum": both("moderate", {"minutes": "5"}),
    "moderation:log": get("run"),
    "moderation:log_file": get("run", kind="log_kind"),
    "moderation:suspended": both("see_signed_in"),
    "moderation:message": both("own", {"words": "Hello."}),
    "moderation:matters": get("own"),
    "moderation:matter_post": both("own", {"words": "Hello."}, post_id="own_post_id"),
    "moderation:matter_held": both("own", {"words": "Hello."}),
    "moderation:matter_talk": both("own", {"words": "Hello."}),
    "moderation:flag": both("flag", {"kind": "other", "words": "It sells."}),
    "moderation:correct": both("moderate", {"body": "Light.", "reason": "Short.", "version": "{post_version}"}),
    "moderation:roster": get("staff"),
    "moderation:shift_new": both("run"),
    "moderation:my_shifts": get("run"),
    "moderation:shift": get("staff") | post("run"),
    "moderation:shift_edit": both("run"),
    "moderation:shift_remove": post("govern", {}),
    "moderation:shift_pass": get("nobody"),
    "moderation:shift_offer": post("nobody", {}),
    "moderation:shift_keep": post("nobody", {}),
    "moderation:shift_take": post("nobody", {}),
    "moderation:shift_hand_over": post("nobody", {}),
    "moderation:shift_confirm": post("nobody", {}),
    # --- results -------------------------------------------------------------------------------------
    "results:import": both("site"),
    "results:digest": get("digest"),
    "results:themes": get("read"),
    "results:theme_name": both("address", {"name": "Light"}),
    "results:export": get("administer"),
    "results:rehearsal": both("set_up"),
    "results:rehearsal_throw_away": post("nobody"),
    "results:rehearsal_remove": post("nobody"),
    # --- jam -----------------------------------------------------------------------------------------
    "jam:list": get("anybody"),
    "jam:create": both("make_a_jam"),
    "jam:clock": get("anybody"),
    "jam:manifest": get("anybody"),
    "jam:worker": get("anybody"),
    "jam:offline": get("anybody"),
    "jam:whoami": get("anybody"),
    "jam:accents": get("anybody", colours="colours"),
    "jam:words": get("anybody"),
    "jam:setup": get("set_up"),
    "jam:step": both("set_up"),
    "jam:copy": both("set_up"),
    "jam:preview": post("staff", {}),
    "jam:preview_end": post("see_signed_in", {}),
    "jam:look_picture": get("see", key="look_key"),
    "jam:planned_polls": both("run"),
    "jam:planned_poll_remove": post("run", {}),
    "jam:site_people": get("site"),
    "jam:site_person": get("site") | post("site", {"admin": "yes"}),
    "jam:roles": get("administer"),
    "jam:role": both("administer", {"role": "guest"}),
    "jam:role_remove": post("administer", {"sure": "on"}),
    "jam:rules": get("see"),
    "jam:rules_accept": post("own"),
    "jam:policy": both("govern"),
    "jam:rules_edit": both("govern"),
    "jam:trace": both("nobody"),  # who is behind a name that everybody sees
    "jam:request": both("request", {"words": "Please."}, to_post="ask"),
    "jam:requests": get("invite"),
    "jam:request_decide": post("invite", {"decision": "decline", "answer": ""}),
    "jam:invitations": both("invite"),
    "jam:invitation_act": post("invite", {"act": "pause"}),
    "jam:link_make": post("invite", {"words": "For all"}),
    "jam:link_revoke": post("invite", {}),
    "jam:invitation_people": get("invite"),
    "jam:invitation_revoke": post("invite", {}),
    "jam:invitation_list": get("invite"),
    "jam:invitation_list_csv": get("invite"),
    "jam:invitation_list_send": post("invite", {}),
    "jam:invitation": get("anybody", token="link_token") | post("person", token="link_token"),
    "jam:invitation_sign_up": post("anybody", token="link_token"),
    "jam:invitation_ask": post("person", token="link_token"),
    "jam:window": get("set_up") | post("set_up", {}),
    "jam:publish": post("set_up", {}),
    "jam:join": get("see") | post("join", {}),
    "jam:announcements": get("hear") | post("announce", {"words": "Tea.", "forum": "{forum_id}"}),
    "jam:announcement_take_back": post("moderate", {}),
    "jam:announcement_dismiss": post("see", {}),
    "jam:polls": get("read")
    | post("poll", {"question": "Who?", "choices": "A\nB", "results": "always", "forum": "{forum_id}"}),
    "jam:poll": get("read"),
    "jam:poll_vote": post("post", {"poll-{poll_id}": "{choice_id}"}),
    "jam:poll_close": post("moderate", {}),
    "jam:poll_remove": post("moderate", {}),
    "jam:guest_hours": get("hear") | post("moderate", HOUR),
    "jam:guest_hour": both("moderate", HOUR),
    "jam:guest_hour_remove": post("moderate", {}),
    "jam:calendar": get("see"),
    # --- notifications -------------------------------------------------------------------------------
    "notifications:list": get("person"),
    "notifications:all_seen": post("person", {}),
    "notifications:unseen": get("person"),
    "notifications:open": get("own_notification", notification_id="own_notification_id"),
    "notifications:settings": both("person"),
    "notifications:device_add": post("person"),
    "notifications:device_here": post("person"),
    "notifications:device_end": post("person"),
    "notifications:unsubscribe": both("anybody", {}),
    # --- accounts and the rest -----------------------------------------------------------------------
    "live:changes": get("hear"),
    "healthz": get("anybody"),
    "search": get("person"),
    "accounts:profile": both("person"),
    "accounts:theme": post("anybody", {}),
    "accounts:language": post("anybody", {}),
    "accounts:second_factor": get("person"),
    "accounts:tokens": both("person"),
    "accounts:sessions": both("person"),
    "accounts:kept": get("anybody"),
    "accounts:data": both("person"),
    "accounts:data_file": get("nobody"),
    "accounts:delete": both("person"),
    "accounts:keep": post("person", {}),
    # --- django-allauth's: what it leads through ------------------------------------------------------
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_email_verification_sent",
            "account_reset_password",
            "account_confirm_login_code",
            "account_reset_password_from_key_done",
            "account_reset_password_from_key",
            "account_reset_password_done",
            "account_request_login_code",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
            "openid_connect_login",
            "openid_connect_callback",
            "usersessions_list",
            "None",  # its older addresses
        ),
        both(ANYTHING),
    ),
    # --- and what is only for who is signed in --------------------------------------------------------
    **dict.fromkeys(
        (
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "account_set_password",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
            "socialaccount_connections",
        ),
        both("not_signed_out"),
    ),
}
