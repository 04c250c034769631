"""Settings. Everything an operator may set is an environment variable named DOORSTEP_...,
listed in docs/running.md (a test compares the two lists)."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from doorstep.site.environment import kept_secret, proxy, strong, truth, whole
from doorstep.site.logs import to_stderr

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DOORSTEP_DATA", "var")).resolve()
DATA.mkdir(parents=True, exist_ok=True)

SECRET_KEY = strong(
    "DOORSTEP_SECRET_KEY",
    os.environ.get("DOORSTEP_SECRET_KEY") or kept_secret(DATA / "secret_key"),
)
# What older secrets sealed or signed still opens, until they are taken out (docs/security.md).
SECRET_KEY_FALLBACKS = [
    strong("DOORSTEP_OLD_SECRET_KEYS", old)
    for old in os.environ.get("DOORSTEP_OLD_SECRET_KEYS", "").split()
]
# Mixed into the hash of every voting code. Kept apart from the database, so that a copy of one
# without the other is no use; a new one makes every printed code worthless.
CODE_PEPPER = strong(
    "DOORSTEP_CODE_PEPPER",
    os.environ.get("DOORSTEP_CODE_PEPPER") or kept_secret(DATA / "code_pepper"),
)
DEBUG = truth("DOORSTEP_DEBUG", False)
ADDRESS = os.environ.get("DOORSTEP_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
SECURE = ADDRESS.startswith("https://")
if DEBUG and SECURE:
    raise ImproperlyConfigured(
        "DOORSTEP_DEBUG shows the inside of the site to whoever meets a fault. Leave it out where "
        "DOORSTEP_ADDRESS begins with https."
    )
ALLOWED_HOSTS = [
    ADDRESS.split("://", 1)[-1].rsplit(":", 1)[0],
    "127.0.0.1",
    "localhost",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [ADDRESS]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
    "doorstep.apps.limits",
    "doorstep.apps.record",
    "doorstep.apps.places",
    "doorstep.apps.people",
    "doorstep.apps.organisations",
    "doorstep.apps.promises",
    "doorstep.apps.files",
    "doorstep.apps.outbox",
    "doorstep.apps.ledger",
    "doorstep.apps.fund",
    "doorstep.apps.partnerships",
    "doorstep.apps.rounds",
    "doorstep.apps.ideas",
    "doorstep.apps.voting",
    "doorstep.apps.awards",
    "doorstep.apps.opendata",
    "doorstep.site",
]

MIDDLEWARE = [
    "doorstep.site.middleware.HeadersAlone",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "doorstep.site.middleware.ProtectiveHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "doorstep.site.pagecache.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "doorstep.site.sessions.SignedInAtMost",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "doorstep.site.limiting.LimitedForms",
    "doorstep.site.middleware.PlainAnswers",
]
CSRF_FAILURE_VIEW = "doorstep.site.errors.csrf_failure"

ROOT_URLCONF = "doorstep.site.urls"
WSGI_APPLICATION = "doorstep.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Acknowledged means kept: FULL makes SQLite sync every commit, IMMEDIATE takes the write lock at
# the start so that no reader turns writer half-way, recursive_triggers stops REPLACE from walking
# around the append-only triggers.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
        "PRAGMA secure_delete=ON;"  # what is erased is overwritten, however SQLite was compiled
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000;"
    ),
}


def database(url: str) -> dict:
    """Django's settings for a database address (`sqlite:///path` or `postgresql://…`)."""
    chosen: dict = dict(dj_database_url.parse(url, conn_max_age=600))
    if chosen["ENGINE"].endswith("sqlite3"):
        chosen["OPTIONS"] = SQLITE_OPTIONS
        # A file, never memory: a test database must keep the same promises as a real one.
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        chosen["TEST"] = {"NAME": DATA / f"test-{worker}-{os.getpid()}.sqlite3"}
    elif not chosen["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured("DOORSTEP_DATABASE_URL must be sqlite:///… or postgresql://…")
    return chosen


DATABASE_URL = os.environ.get("DOORSTEP_DATABASE_URL") or f"sqlite:///{DATA / 'doorstep.sqlite3'}"
DATABASES = {"default": database(DATABASE_URL)}
# Migrations may run as the owner of the tables, so that what serves may add to them and no more.
if OWNER_DATABASE_URL := os.environ.get("DOORSTEP_OWNER_DATABASE_URL"):
    DATABASES["owner"] = database(OWNER_DATABASE_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("DOORSTEP_CACHE_URL")


def kept_in(name: str, entries: int) -> dict:
    """Django's settings for one cache: in files, or in Redis where several machines share it."""
    if REDIS_URL:
        backend = "django.core.cache.backends.redis.RedisCache"
        return {"BACKEND": backend, "LOCATION": REDIS_URL, "KEY_PREFIX": name}
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    return {"BACKEND": backend, "LOCATION": DATA / name, "OPTIONS": {"MAX_ENTRIES": entries}}


# Apart, because a full cache forgets at random, and anybody can fill the one with pages. In the
# other allauth counts tries to sign in.
CACHES = {
    "default": kept_in("counters", 20_000),
    "pages": kept_in("pages", 5_000) | {"TIMEOUT": 24 * 3600},  # a page is for one day anyway
}

LOGGING = to_stderr()

# A sentence at the top of every page, such as "This is a trial: nothing here is real."
NOTICE = os.environ.get("DOORSTEP_NOTICE", "")

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LANGUAGE_COOKIE_NAME = "__Host-doorstep-language" if SECURE else "doorstep-language"
# Compiled from site/locale at the start: an installed package may not be writable.
LOCALE_PATHS = [DATA / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# The e-mail address of whoever runs this install: told when something that must hold does not.
OPERATOR = os.environ.get("DOORSTEP_OPERATOR", "").strip()
if OPERATOR and not re.fullmatch(r"[^@\s]+@[^@\s]+", OPERATOR):
    raise ImproperlyConfigured("DOORSTEP_OPERATOR is the e-mail address of whoever runs this.")

# How long backups are kept, in days. Sealing a poll promises that copies of what it destroyed are
# gone by then; whoever makes the backups must keep to it (docs/secrecy.md).
BACKUP_DAYS = whole("DOORSTEP_BACKUP_DAYS", 30)
# Where the backup is kept: a folder on another disk or machine; of SQLite also an address that
# Litestream writes to, such as s3://bucket/path.
BACKUP = os.environ.get("DOORSTEP_BACKUP", "").strip()
if BACKUP:
    # Litestream alone empties the write-ahead log of SQLite. Where one of us did so in the moment
    # in which Litestream lets go of it, the copy lacked what was just committed and said nothing.
    # The number is for a Litestream that is gone for long: 400 MB.
    SQLITE_OPTIONS["init_command"] += "PRAGMA wal_autocheckpoint=100000;"
if (
    BACKUP
    and not BACKUP.startswith("/")
    and (
        "sqlite" not in DATABASES["default"]["ENGINE"]
        or not re.match(r"(s3|gs|abs|sftp)://[^/]", BACKUP)
    )
):
    raise ImproperlyConfigured(
        "DOORSTEP_BACKUP is a folder, written from / on; of SQLite also an s3:// address."
    )
# Where a backup is restored on trial: there must be room for the database.
DRILL_FOLDER = os.environ.get("DOORSTEP_DRILL_FOLDER") or None

# Where the signed record is written for everybody to read, and the keys that sign it. Several
# machines share the folder; the keys belong beside no copy of the database.
RECORD_FOLDER = Path(os.environ.get("DOORSTEP_RECORD_FOLDER") or DATA / "record")
BUNDLE_FOLDER = Path(os.environ.get("DOORSTEP_BUNDLE_FOLDER") or DATA / "bundle")
RECORD_KEYS = Path(os.environ.get("DOORSTEP_RECORD_KEYS") or DATA / "record_keys")
# Rules that places of this install set for themselves, and checks made since this release.
RULES_FOLDER = Path(folder) if (folder := os.environ.get("DOORSTEP_RULES_FOLDER")) else None
# A timestamp authority (RFC 3161), and the PEM file of the root certificates that vouch for it.
TIMESTAMP_URL = os.environ.get("DOORSTEP_TIMESTAMP_URL", "")
TIMESTAMP_ROOTS = os.environ.get("DOORSTEP_TIMESTAMP_ROOTS", "")
if TIMESTAMP_URL and not (
    TIMESTAMP_URL.startswith(("http://", "https://")) and Path(TIMESTAMP_ROOTS).is_file()
):
    raise ImproperlyConfigured(
        "DOORSTEP_TIMESTAMP_URL is an http address, and needs DOORSTEP_TIMESTAMP_ROOTS: a PEM file."
    )

# Under what others may use the data, and what the ids of grants begin with (docs/api.md).
DATA_LICENCE = os.environ.get(
    "DOORSTEP_DATA_LICENCE", "https://creativecommons.org/licenses/by/4.0/"
)
GRANTS_PREFIX = os.environ.get("DOORSTEP_GRANTS_PREFIX", "")
if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}|", GRANTS_PREFIX):
    raise ImproperlyConfigured("DOORSTEP_GRANTS_PREFIX is like 360G-example.")

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["doorstep.apps.people.backends.WithSecondFactor"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60  # it opens an account (ASVS 5.0, 6.5.5)
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Asked again before an act, whoever has a second step takes that. A code by e-mail is the first
# step once more: who holds the mailbox would act with it alone.
ACCOUNT_REAUTHENTICATION_METHODS = ["mfa"]
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Doorstep: "
ACCOUNT_FORMS = {
    "signup": "doorstep.site.signin_forms.SignUp",
    "login": "doorstep.site.signin_forms.SignIn",
    "request_login_code": "doorstep.site.signin_forms.AskForCode",
    "confirm_login_code": "doorstep.site.signin_forms.TypedCode",
}
ACCOUNT_ADAPTER = "doorstep.site.signin.AccountWords"
MFA_ADAPTER = "doorstep.site.signin.SecondStepWords"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey stands for the device and for its lock, so it signs in alone (ASVS 5.0, 6.3.3).
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # http on one's own machine
MFA_TOTP_ISSUER = "Doorstep"
# One step to either side, for a slow hand or a clock that is off (RFC 6238, section 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "doorstep.site.signin_forms.SecondStep",
    "reauthenticate": "doorstep.site.signin_forms.SecondStepAgain",
    "add_webauthn": "doorstep.site.signin_forms.AddPasskey",
    "authenticate_webauthn": "doorstep.site.signin_forms.PasskeyStep",
    "reauthenticate_webauthn": "doorstep.site.signin_forms.PasskeyAgain",
    "login_webauthn": "doorstep.site.signin_forms.PasskeySignIn",
}

EMAIL_BACKEND = os.environ.get(
    "DOORSTEP_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_TIMEOUT = 20
if SMTP_URL := os.environ.get("DOORSTEP_SMTP_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    smtp = urlsplit(SMTP_URL)
    if smtp.scheme not in {"smtp", "smtp+tls", "smtps"} or not smtp.hostname:
        raise ImproperlyConfigured("DOORSTEP_SMTP_URL is like smtp+tls://user:password@host:587.")
    EMAIL_HOST, EMAIL_PORT = smtp.hostname, smtp.port or {"smtps": 465}.get(smtp.scheme, 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        unquote(smtp.username or ""),
        unquote(smtp.password or ""),
    )
    EMAIL_USE_TLS, EMAIL_USE_SSL = smtp.scheme == "smtp+tls", smtp.scheme == "smtps"
DEFAULT_FROM_EMAIL = os.environ.get("DOORSTEP_EMAIL_FROM", "Doorstep <doorstep@localhost>")

# How text messages leave: printed, written into files of the data folder, or through GOV.UK Notify.
SMS_GATEWAY = os.environ.get("DOORSTEP_SMS_GATEWAY", "console")
if SMS_GATEWAY not in {"console", "file", "notify"}:
    raise ImproperlyConfigured("DOORSTEP_SMS_GATEWAY must be console, file or notify.")
NOTIFY_URL = os.environ.get("DOORSTEP_NOTIFY_URL", "https://api.notifications.service.gov.uk")
NOTIFY_KEY = os.environ.get("DOORSTEP_NOTIFY_KEY", "")
NOTIFY_TEMPLATE = os.environ.get("DOORSTEP_NOTIFY_TEMPLATE", "")

# What takes long is put into the database and done by a worker; tests do it on the spot.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# How many workers `serve` starts beside the web processes; none where `doorstep work` runs apart.
WORKERS = int(os.environ.get("DOORSTEP_WORKERS", "1"))
if WORKERS < 0 or (WORKERS > 1 and "sqlite" in DATABASES["default"]["ENGINE"]):
    raise ImproperlyConfigured("DOORSTEP_WORKERS is 0 or 1 with SQLite, more with PostgreSQL.")

SESSION_COOKIE_NAME = "__Host-doorstep" if SECURE else "doorstep"
CSRF_COOKIE_NAME = "__Host-doorstep-csrf" if SECURE else "doorstep-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "doorstep.site.notices.Notices"
NOTICES_COOKIE_NAME = "__Host-doorstep-notices" if SECURE else "doorstep-notices"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Named as in Django 6, whose own middleware will take over from ours.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=()"
X_FRAME_OPTIONS = "DENY"
if PROXY := proxy("DOORSTEP_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Otherwise everybody has the proxy's address, and one person's wrong codes lock out all.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
