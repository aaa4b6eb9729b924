from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """Quick to make, and a site with the real settings takes what it made."""

    iterations = 1
