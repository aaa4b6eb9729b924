"""What a jam promises its people, its rules, and how it is joined."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import Refused
from jam.domain.naming import PSEUDONYM_MAX
from jam.domain.policies import PolicyPlan
from jam.domain.tracing import REASON_MAX
from jam.forms.fields import DomainsField, LongTextField, text_widget
from jam.models import RULES_MAX, Door, Naming, OnDeletion, Policy


class RefusableForm(forms.Form):
    def refuse(self, refused: Refused) -> None:
        """Shows what a verb answered beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class PolicyForm(RefusableForm):
    naming = forms.ChoiceField(
        choices=Naming, widget=forms.RadioSelect, label=_("Names"), help_text=_("Fixed once somebody has posted.")
    )
    on_deletion = forms.ChoiceField(
        choices=OnDeletion,
        widget=forms.RadioSelect,
        label=_("What becomes of the posts of somebody who deletes their account"),
    )
    required_second_factor = forms.BooleanField(
        required=False,
        label=_("Who administers the jam needs a second factor"),
        help_text=_("An app that shows codes, or a passkey. Without one they can do nothing here but set it up."),
    )
    domains = DomainsField(
        required=False,
        label=_("Mail domains that the door lets in"),
        help_text=_(
            "For the door “Anyone with an address of the organisation”: like example.org, with commas between them. "
            "Addresses below a domain count as well. Empty: the domains of your organisation."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    sso_providers = forms.MultipleChoiceField(
        required=False,
        label=_("Single sign-ons that the door lets in"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, policy: Policy, naming_fixed: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", policy_initial(policy))
        super().__init__(*args, **kwargs)
        self.policy = policy
        if naming_fixed:
            self.fields["naming"].disabled = True
        known = single_sign_ons() | {one: one for one in policy.sso_providers}
        self.fields["sso_providers"].choices = list(known.items())  # type: ignore[attr-defined]
        if not known:
            del self.fields["sso_providers"]
        if policy.jam.door != Door.DOMAINS and not policy.domains:
            del self.fields["domains"]

    def plan(self) -> PolicyPlan:
        data = self.cleaned_data
        return PolicyPlan(
            naming=data["naming"],
            on_deletion=data["on_deletion"],
            required_second_factor=data["required_second_factor"],
            domains=data.get("domains", self.policy.domains),
            sso_providers=data.get("sso_providers", self.policy.sso_providers),
        )


def single_sign_ons() -> dict[str, str]:
    """The OpenID Connect providers of this site: their names for people by the site's own."""
    apps: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return {app["provider_id"]: app.get("name") or app["provider_id"] for app in apps}


def policy_initial(policy: Policy) -> dict[str, Any]:
    """What the form shows of a policy."""
    return {
        "naming": policy.naming,
        "on_deletion": policy.on_deletion,
        "required_second_factor": policy.required_second_factor,
        "domains": ", ".join(policy.domains),
        "sso_providers": policy.sso_providers,
    }


class RulesForm(RefusableForm):
    text = LongTextField(
        label=_("Rules"),
        max_length=RULES_MAX,
        help_text=_("Everybody accepts them before their first post, and again when they are changed. Markdown works."),
        error_messages={"required": _("Write the rules.")},
        widget=text_widget(12),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class TraceForm(RefusableForm):
    reason = LongTextField(
        label=_("Why you look it up"),
        max_length=REASON_MAX,
        help_text=_("It is kept with your name in a log that nobody can change."),
        error_messages={"required": _("Say why you look it up.")},
        widget=text_widget(3),
    )


class JoinForm(RefusableForm):
    """Asks for a pseudonym where the jam has them, and offers its rules where it has some."""

    name = forms.CharField(
        label=_("Your pseudonym"),
        max_length=PSEUDONYM_MAX,
        help_text=_("Nobody else in this jam has it. It should not be how you are called elsewhere."),
        error_messages={"required": _("Choose a pseudonym: a name that is not yours.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    rules = forms.BooleanField(required=False)

    def __init__(self, *args: Any, policy: Policy, masked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (masked and policy.naming == Naming.PSEUDONYM):
            del self.fields["name"]
        if policy.jam.rules_version == 0:
            del self.fields["rules"]
        else:
            self.fields["rules"].label = _("I accept the rules of this jam. Without that you can read, and not post.")
