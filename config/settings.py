"""Settings. The environment is read here and nowhere else; ``.env.example`` lists every variable with its
meaning.
"""

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
import pghistory
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config.logs import logging_settings
from partnerships.sign_in.identity_provider import IdentityProvider, read_parameters, read_rules

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(str(BASE_DIR / ".env"))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Those before it: what they signed and encrypted can still be read, second steps among it.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Behind https unless told otherwise: only a demonstration on this machine serves plain http.
HTTPS = env.bool("HTTPS", default=True)
# Where people reach the site, for letters that no request asks for; without it they refer to an earlier letter.
SITE_ADDRESS = env.str("SITE_ADDRESS", default="")

INSTALLED_APPS = [
    "config",
    "design",
    "partnerships",
    "diagnostics",
    "scoring",
    "decisions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # the plain widgets that stand beside the design system's components
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "partnerships.sign_in.session_list.SessionListConfig",  # allauth.usersessions
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "config.headers.complete_headers",
    "config.cookies.read_plain_cookies",
    "csp.middleware.CSPMiddleware",  # outside of what redirects to https and gives out files, which need it too
    "django.middleware.security.SecurityMiddleware",
    "config.uploads.refuse_large_requests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.respondents.know_nobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partnerships.isolation.start_as_nobody",
    "config.request_log.LoggedRequests",  # before what may write: each line of the record names its request
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnerships.sign_in.session_ages.end_old_sessions",
    "partnerships.sign_in.second_step.ask_for_second_step",
    "partnerships.sign_in.known_browsers.remember_browsers",
    "config.addresses.refuse_null_characters",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "partnerships.access.organisation_in_templates",
                "partnerships.sign_in.ways.ways_in_templates",
            ],
            "builtins": ["template_partials.templatetags.partials", "design.templatetags.design"],
        },
    }
]
FORM_RENDERER = "design.rendering.NHSFormRenderer"

# The web and the workers connect as a role that owns nothing; only `migrate` connects as the owner of the
# tables.
DATABASES = {"default": env.db("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Each statement carries for whom it is sent (partnerships/isolation.py), which a cursor kept by the server cannot.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
# Who that is: `migrate` never connects as it.
APPLICATION_ROLE: str = DATABASES["default"]["USER"]
# Schemas of the same database that are another program's, which start-up leaves alone.
SCHEMAS_BESIDES = env.list("SCHEMAS_BESIDES", default=[])
MIGRATION_DATABASE = env.db_url_config(env.str("MIGRATION_DATABASE_URL", default="") or env.str("DATABASE_URL"))

REDIS_URL = env.str("REDIS_URL")
# What sign-in counts its tries in: in the database, so that people can sign in while the broker is down.
# A full cache throws counts away at random; with room for many, guessing at many accounts does not empty it of them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}


def _broker_url(redis_url: str) -> str:
    """Celery spells a unix socket otherwise than redis-py does."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def daily_at(time_of_day: str) -> crontab:
    """Every day at a time such as 02:00, in the time zone of the site."""
    try:
        at = time.strptime(time_of_day, "%H:%M")
    except ValueError:
        raise ImproperlyConfigured(
            f"SCORING_NIGHT_AT is '{time_of_day}': give a time of day, as 02:00, or nothing for no night."
        ) from None
    return crontab(hour=str(at.tm_hour), minute=str(at.tm_min))


CELERY_BROKER_URL = _broker_url(REDIS_URL)
# Rows in PostgreSQL are the truth, so no result is kept in the broker and losing it loses nothing.
CELERY_TASK_IGNORE_RESULT = True
# What a person asks for has the default queue to itself; the night's work has another. A worker that is not told which
# takes from both. In this transport 0 is the highest priority and goes before the order of queues.
CELERY_TASK_DEFAULT_QUEUE = "scoring"
SCORING_NIGHT_QUEUE = "night"
# A mail server may be slow, and nobody who presses a button waits behind it.
MAIL_QUEUE = "mail"
CELERY_TASK_QUEUES = [Queue(CELERY_TASK_DEFAULT_QUEUE), Queue(MAIL_QUEUE), Queue(SCORING_NIGHT_QUEUE)]
CELERY_TASK_ROUTES = {
    "scoring.score_by_night": {"queue": SCORING_NIGHT_QUEUE, "priority": 9},
    "diagnostics.remind_organisation": {"queue": MAIL_QUEUE, "priority": 6},
    "diagnostics.send_replies": {"queue": MAIL_QUEUE, "priority": 6},
    "decisions.remind_organisation": {"queue": MAIL_QUEUE, "priority": 6},
    "decisions.send_letters_of": {"queue": MAIL_QUEUE, "priority": 6},
}
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", default=900)
CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT - 60
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A new worker process loads the engine's compiled parts before it says that it is there.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# A request must not hang because the broker is down: one quick try, then the reconciler picks the row up.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": env.int("BROKER_VISIBILITY_TIMEOUT", default=3600),
    "socket_connect_timeout": 2,
    "socket_timeout": 4,
}
# How often it is looked whether somebody has to be reminded of a survey, a promise or a review: in working hours only,
# unless somebody tries it out.
REMIND_EVERY_SECONDS = env.float("REMIND_EVERY_SECONDS", default=600.0)
REMINDERS_AT_ANY_TIME = env.bool("REMINDERS_AT_ANY_TIME", default=False)
# How often it is looked whether a decision's day has come.
DECISIONS_LOOK_EVERY_SECONDS = 600.0
# For how long a letter to a partner can be taken back after it was sent, and how often it is looked whether one is due.
LETTER_HOLD_MINUTES = env.float("LETTER_HOLD_MINUTES", default=10.0)
LETTERS_LOOK_EVERY_SECONDS = env.float("LETTERS_LOOK_EVERY_SECONDS", default=30.0)
# The reconciler: rows are the truth, and what the broker or a dead worker dropped is sent again.
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "queue again what waits too long": {
        "task": "scoring.queue_again",
        "schedule": env.float("SCORING_RECONCILE_EVERY_SECONDS", default=15.0),
        "options": {"expires": 60},
    },
    "remind those who have not answered": {
        "task": "diagnostics.remind_everybody",
        "schedule": REMIND_EVERY_SECONDS,
        "options": {"expires": REMIND_EVERY_SECONDS},
    },
    "open surveys on the day that was set": {
        "task": "diagnostics.open_everywhere",
        "schedule": REMIND_EVERY_SECONDS,
        "options": {"expires": REMIND_EVERY_SECONDS},
    },
    "close surveys whose last day has passed": {
        "task": "diagnostics.close_everywhere",
        "schedule": REMIND_EVERY_SECONDS,
        "options": {"expires": REMIND_EVERY_SECONDS},
    },
    "tell partners of replies": {
        "task": "diagnostics.send_what_waits",
        "schedule": REMIND_EVERY_SECONDS,
        "options": {"expires": REMIND_EVERY_SECONDS},
    },
    "put decisions into effect": {
        "task": "decisions.put_into_effect",
        "schedule": DECISIONS_LOOK_EVERY_SECONDS,
        "options": {"expires": DECISIONS_LOOK_EVERY_SECONDS},
    },
    "remind of promises and reviews": {
        "task": "decisions.remind_everybody",
        "schedule": REMIND_EVERY_SECONDS,
        "options": {"expires": REMIND_EVERY_SECONDS},
    },
    "send letters to partners": {
        "task": "decisions.send_letters",
        "schedule": LETTERS_LOOK_EVERY_SECONDS,
        "options": {"expires": LETTERS_LOOK_EVERY_SECONDS},
    },
    "clear what is over": {
        "task": "partnerships.clear_what_is_over",
        "schedule": crontab(minute="40"),
        "options": {"expires": 3600},
    },
    # Who has answered is written down for several people at once, and never as they answer.
    "mark who has answered": {
        "task": "diagnostics.keep_up",
        "schedule": env.float("SURVEY_KEEP_UP_EVERY_SECONDS", default=300.0),
        "options": {"expires": 300},
    },
}
SCORING_NIGHT_AT = env.str("SCORING_NIGHT_AT", default="02:00")
if SCORING_NIGHT_AT:
    CELERY_BEAT_SCHEDULE["score everybody"] = {
        "task": "scoring.score_everybody",
        "schedule": daily_at(SCORING_NIGHT_AT),
        "options": {"expires": 3600},
    }

# The record of changes refers to rows that may be gone, and its own tables say what they are looked up by.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

AUTH_USER_MODEL = "partnerships.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "partnerships.sign_in.account_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "partnerships.sign_in.forms.SignInForm",
    "change_password": "partnerships.sign_in.forms.ChangePasswordForm",
    "reauthenticate": "partnerships.sign_in.forms.PasswordAgainForm",
    "reset_password": "partnerships.sign_in.forms.ResetPasswordForm",
    "reset_password_from_key": "partnerships.sign_in.forms.NewPasswordForm",
}
# The one OpenID Connect provider through which people sign in (NHS CIS2, Entra ID …); none where no issuer is named.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC = (
    IdentityProvider(
        name=env.str("OIDC_NAME", default="your organisation’s account"),
        issuer=OIDC_ISSUER,
        client_id=env.str("OIDC_CLIENT_ID"),
        secret=env.str("OIDC_CLIENT_SECRET"),
        scopes=tuple(env.str("OIDC_SCOPES", default="openid profile email").split()),
        email_verified_claim=env.str("OIDC_EMAIL_VERIFIED_CLAIM", default="email_verified"),
        verified_email_domains=tuple(one.lower() for one in env.list("OIDC_VERIFIED_EMAIL_DOMAINS", default=[])),
        roles_claim=env.str("OIDC_ROLES_CLAIM", default=""),
        rules=read_rules(env.str("OIDC_ROLES", default="")),
        parameters=read_parameters(env.str("OIDC_PARAMETERS", default="")),
        token_auth=env.str("OIDC_TOKEN_AUTH", default=""),
    )
    if OIDC_ISSUER
    else None
)
SOCIALACCOUNT_ADAPTER = "partnerships.sign_in.provider_adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "partnerships.sign_in.provider.OrganisationProvider"}}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# With a provider passwords are off, unless somebody keeps them for the day when it is down.
PASSWORD_SIGN_IN = env.bool("PASSWORD_SIGN_IN", default=OIDC is None)
# Failed tries by address (a whole hospital can share one), and by account and browser; partnerships/sign_in/tries.py.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "30/m/ip,300/h/ip,5/5m/key,100/d/key",
    "reset_password": "20/m/ip,3/m/key",
    "start_at_provider": "300/m/ip",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to who is not known here
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
SESSION_ENGINE = "partnerships.sign_in.session_store"
# The NHS service manual asks for sessions of 20 hours or more, so that nobody is signed out in the middle
# of a day.
SESSION_COOKIE_AGE = 20 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
# However busy a session is, it ends after this many seconds: a week.
SESSION_ABSOLUTE_AGE = env.int("SESSION_ABSOLUTE_AGE", default=7 * 24 * 60 * 60)
# The second step of signing in with a password. The roles that must have one, and "service" for the people who run the
# service; everybody else may.
MFA_REQUIRED_FOR = env.list("MFA_REQUIRED_FOR", default=["administrator", "strategy_lead", "executive", "service"])
MFA_ADAPTER = "partnerships.sign_in.second_step.SecondStepAdapter"
# Nobody signs up by themselves, so an address that is still to be proved keeps nobody from a second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "partnerships.sign_in.forms.SecondStepForm",
    "reauthenticate": "partnerships.sign_in.forms.SecondStepAgainForm",
    "activate_totp": "partnerships.sign_in.forms.SetUpAppForm",
}
MFA_TOTP_PERIOD = 30
# A phone's clock may be half a minute out.
MFA_TOTP_TOLERANCE = 1

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
# Where the file back end, for trying things out, puts its letters.
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", default="") or None
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
# A mail server that is gone must not hold a page: what could not be sent is shown, to be sent otherwise.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Collaboration triage <no-reply@localhost>")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("nhsuk", NODE_MODULES / "nhsuk-frontend" / "dist" / "nhsuk"),
    ("plotly", NODE_MODULES / "plotly.js-cartesian-dist-min"),
]
# Where the design system's styles are kept without the NHS font.
MADE_STATIC = BASE_DIR / ".local" / "made-static"
STATICFILES_FINDERS = [
    "design.finders.FontlessFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# Collected and hashed in production; found where they lie while developing and in tests.
COLLECTED_STATIC = env.bool("COLLECTED_STATIC", default=not DEBUG)
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static_files.HashedFiles"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A portfolio is a few hundred rows; anything much larger is the wrong file.
LARGEST_UPLOAD_BYTES = 5 * 1024 * 1024
# A file that is a little too large still gets an answer beside its field; one that is larger is not even received.
LARGEST_REQUEST_BYTES = 2 * LARGEST_UPLOAD_BYTES

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# A browser takes a cookie of such a name only over https and for this very host: no other host of the same domain can
# plant one.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-sessionid", "__Host-csrftoken") if HTTPS else ("sessionid", "csrftoken")
)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours stand in front: a visitor's address is taken from X-Forwarded-For, so many from its end.
# Whatever stands before that was written by the visitor.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if TRUST_PROXY else 0)

# Scoring: how many plausible versions of the inputs a run tries, and how long a run may wait before it is
# queued again.
SCORING_DRAWS = env.int("SCORING_DRAWS", default=1000)
SCORING_REQUEUE_AFTER_SECONDS = env.int("SCORING_REQUEUE_AFTER_SECONDS", default=30)
# A running run whose worker has been silent this long is taken by another.
SCORING_LOST_AFTER_SECONDS = env.int("SCORING_LOST_AFTER_SECONDS", default=120)
# What-ifs are answered in about a second: one that takes this long is stopped, or its worker has died.
WHAT_IF_TIME_LIMIT = env.int("WHAT_IF_TIME_LIMIT", default=60)
WHAT_IF_SOFT_TIME_LIMIT = WHAT_IF_TIME_LIMIT * 5 // 6
# How many of a night's runs wait in the broker at once; the others wait in the database.
SCORING_NIGHT_WINDOW = env.int("SCORING_NIGHT_WINDOW", default=200)
# How many days somebody has to accept an invitation to an organisation.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
# A survey shows nothing below this many answers; it can be raised, never lowered (checked at start-up).
SURVEY_THRESHOLD = env.int("SURVEY_THRESHOLD", default=5)
# Nothing is broken down by where people work below this many; it can be raised, never lowered (checked at start-up).
SURVEY_BREAKDOWN_THRESHOLD = env.int("SURVEY_BREAKDOWN_THRESHOLD", default=11)
# The folder of the keys of open surveys: the same for every process of the application, and in no backup.
SURVEY_KEYS = env.str("SURVEY_KEYS")

DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING = logging_settings(level=env.str("LOG_LEVEL", default="INFO"), readable=DEBUG)
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
