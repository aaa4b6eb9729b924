"""The settings, read from the environment, typed, and checked at the start.

Every variable is described in docs/settings.md; a test holds the two lists together.
"""

import re
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from jam.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()

# --- the site -----------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", default=False)
SITE_NAME = env.text("SITE_NAME", "Jam")
_site = env.address("SITE_URL", "http://127.0.0.1:8000", schemes=("http", "https"), example="https://jam.example.org")
if not _site.hostname:
    raise ImproperlyConfigured("SITE_URL names no host. Set it to something like https://jam.example.org")
SITE_URL = _site.geturl().rstrip("/")
HTTPS = _site.scheme == "https"

# For a run on one machine, manage.py makes one in the data folder. Everywhere else a missing one stops the start.
SECRET_KEY = env.secret("SECRET_KEY", at_least=32)

ALLOWED_HOSTS = [f"[{_site.hostname}]" if ":" in _site.hostname else _site.hostname, *env.words("ALLOWED_HOSTS", [])]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}", *env.words("CSRF_TRUSTED_ORIGINS", [])]

# How many proxies in front of us append to X-Forwarded-For; with 0 the header is not believed.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES  # whose sign-ins are counted against a limit

DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".jam"))).resolve()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "channels",
    "ninja",
    "live",
    "accounts",
    "jam",
    "notifications",
    "threads",
    "moderation",
    "results",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReaderMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.WhosePageMiddleware",
    "jam.middleware.PreviewMiddleware",
]

ROOT_URLCONF = "jam.urls"
WSGI_APPLICATION = "jam.wsgi.application"
ASGI_APPLICATION = "jam.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jam.context.site",
            ],
        },
    },
]

# --- where things are kept ----------------------------------------------------------------------

DATABASES = {
    "default": env.database("DATABASE_URL")
    | {"CONN_MAX_AGE": env.number("DATABASE_CONN_MAX_AGE", 600), "CONN_HEALTH_CHECKS": True}
}
# A machine that is gone says nothing, and libpq would wait for it for minutes. In seconds, and in milliseconds.
DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, "tcp_user_timeout": 15_000} | DATABASES["default"].get(
    "OPTIONS", {}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

env.address("REDIS_URL", schemes=("redis", "rediss", "unix"), example="redis://:PASSWORD@HOST:6379/0")
REDIS_URL = env.text("REDIS_URL")  # as it was written: putting a unix:// address together again loses its slashes
CACHES = {
    "default": {"BACKEND": "jam.cache.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "jam"},
    "sessions": {"BACKEND": "jam.cache.SessionCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "jam"},
}
# What is published in one database of a Redis is heard in all of them, so its number is in the name.
_redis_database = re.search(r"(?:/|[?&]db=)([0-9]+)$", REDIS_URL)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"jam-live-{_redis_database[1] if _redis_database else 0}"},
    }
}
# What the live floor asks of the floors above it.
LIVE_GATE = "threads.live_gate.gate"
# How far back a tab or a program can catch up. Older events are trimmed from the log; posts and votes are not in it.
EVENTS_KEPT_DAYS = env.number("EVENTS_KEPT_DAYS", 30, at_least=1)
# How long somebody has to think before their account is deleted, and how long the file with their data is there.
ACCOUNT_DELETION_DAYS = env.number("ACCOUNT_DELETION_DAYS", 7)
DATA_FILE_DAYS = env.number("DATA_FILE_DAYS", 7, at_least=1)
# After so many days without use the address and the browser of a sign-in are forgotten.
SIGN_IN_DATA_DAYS = env.number("SIGN_IN_DATA_DAYS", 30, at_least=1)
# Whom people ask about what is kept of them.
CONTACT_EMAIL = env.text("CONTACT_EMAIL", "")
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "sessions"

# --- work in the background ---------------------------------------------------------------------

# Celery has its own words for an address that is a Unix socket.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "jam-celery:"}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# A beat that nobody took before it is stale is dropped: the next one does the same work.
CELERY_BEAT_SCHEDULE = {
    "close-due-jams": {
        "task": "results.tasks.close_due_jams",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "send-occasions": {
        "task": "notifications.tasks.send_occasions",
        "schedule": 5.0,
        "options": {"expires": 20},
    },
    "tell-occasions": {
        "task": "jam.tasks.tell_occasions",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "post-opening-prompts": {
        "task": "threads.tasks.post_opening_prompts",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "read-invitation-lists": {
        "task": "jam.tasks.read_invitation_lists",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "trim-invitations": {
        "task": "jam.tasks.trim_invitations",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "tell-decided-requests": {
        "task": "jam.tasks.tell_decided_requests",
        "schedule": 10.0,
        "options": {"expires": 9},
    },
    "send-invitations": {
        "task": "jam.tasks.send_invitations",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "tell-of-posts": {
        "task": "threads.tasks.tell_of_posts",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "remind-of-windows": {
        "task": "notifications.tasks.remind",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "mail-due-notifications": {
        "task": "notifications.tasks.mail_due",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "push-due-notifications": {
        "task": "notifications.tasks.push_due",
        "schedule": 5.0,
        "options": {"expires": 20},
    },
    "leave-and-take-out": {
        "task": "accounts.tasks.keep_promises",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "trim-sign-in-data": {
        "task": "accounts.tasks.trim_sign_in_data",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "tidy-moderation": {
        "task": "moderation.tasks.tidy",
        "schedule": 600.0,
        "options": {"expires": 500},
    },
    "keep-shifts": {
        "task": "moderation.tasks.keep_shifts",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "mail-forgotten-digests": {
        "task": "results.tasks.mail_forgotten_digests",
        "schedule": 600.0,
        "options": {"expires": 300},
    },
    "remove-old-rehearsals": {
        "task": "results.tasks.remove_old_rehearsals",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "part-untraceable": {
        "task": "results.tasks.part_untraceable",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "find-themes": {
        "task": "results.tasks.find_due_themes",
        "schedule": 300.0,
        "options": {"expires": 200},
    },
    "remove-unposted-images": {
        "task": "threads.tasks.remove_unposted_images",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "trim-event-log": {
        "task": "live.tasks.trim_event_log",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
}

# --- mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <jam@{_site.hostname}>")
MAIL_DIR = DATA_DIR / "mail"
if env.text("EMAIL_URL"):
    vars().update(env.mail("EMAIL_URL"))
else:
    EMAIL_BACKEND = "accounts.mail.EmlFileBackend"

# --- messages to devices ------------------------------------------------------------------------

# The key that the site signs them with; without it one is made in DATA_DIR and kept. Private: nobody else may have it.
VAPID_PRIVATE_KEY = env.key("VAPID_PRIVATE_KEY", size=32)
# Browsers name the address to send to. One inside our own network is theirs to name only if we say so.
PUSH_PRIVATE_ADDRESSES = env.flag("PUSH_PRIVATE_ADDRESSES", default=False)

# --- people -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.StrengthValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "jam:list"
LOGOUT_REDIRECT_URL = "jam:list"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms_of_entrance.SignUp"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# By account, or by account and address, it is strict (`key`; accounts/adapters.py). By address alone it is wide, since
# a whole office comes from one, and within a minute.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "200/m/ip,5/300s/key",
    "guessed": "100/h/key",
    "signup": "200/m/ip",
    "request_login_code": "200/m/ip,3/m/key",
    "reset_password": "200/m/ip,3/m/key",
    "reset_password_from_key": "200/m/ip",
}

# A second factor: an app's codes, a passkey, and codes on paper for when both are gone. A passkey also opens the door.
ADMINS_NEED_SECOND_FACTOR = env.flag("ADMINS_NEED_SECOND_FACTOR", default=False)
MFA_ADAPTER = "accounts.adapters.FactorAdapter"
MFA_FORMS = {"add_webauthn": "accounts.forms_of_entrance.AddPasskey"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = SITE_NAME
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}

# Who else vouches for people.
SOCIALACCOUNT_ADAPTER = "accounts.oidc.adapter.SocialAdapter"
SOCIALACCOUNT_FORMS = {"disconnect": "accounts.forms_of_entrance.Disconnect"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "accounts.oidc.provider.Provider", "APPS": env.providers("OIDC_PROVIDERS")}
}

# --- language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Each by its own name for itself. docs/languages.md says how to add one.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "jam_language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- what a browser is told ---------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "jam.storage.StaticFilesStorage"},
}
# Pictures in posts, and logos and covers; the site asks who may see one, so no web server hands them out from here.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "media")))
IMAGE_MAX_MB = env.number("IMAGE_MAX_MB", 10, at_least=1)
IMAGES_PER_HOUR = env.number("IMAGES_PER_HOUR", 30)
IMAGES_PER_JAM = env.number("IMAGES_PER_JAM", 300)
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "jam_session"
CSRF_COOKIE_NAME = "jam_csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
# Whether every other name under this site's domain speaks https too is for its owner to know, and their proxy to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine next door, without a proxy
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# --- what it says of itself ---------------------------------------------------------------------

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", of=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_keys": {"()": "jam.logs.WithoutKeys"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_keys"]}},
    # Celery says of each task that it came and that it went, and some run every two seconds.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
