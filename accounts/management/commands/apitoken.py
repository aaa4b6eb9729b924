"""manage.py apitoken EMAIL"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.domain import tokens
from accounts.models import Person


class Command(BaseCommand):
    help = "Prints a new API token for a person. It is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the e-mail {email}.")
        if not person.is_active:
            raise CommandError(f"The account of {email} is not active.")
        self.stdout.write(tokens.make_token(person=person))
