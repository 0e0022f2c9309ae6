"""One settings file, driven by the environment; .env.example lists every variable."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import security_headers
from config.env import ROOT, env

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / "var")))

DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", default="only-for-the-demo-on-this-machine" if DEBUG or TESTING else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random value, or DEBUG=1 to try Kelisim on this machine.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if not DEBUG and any(key.startswith("CHANGE-ME") for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)):
    raise ImproperlyConfigured("SECRET_KEY is still the one of .env.example, which everybody knows: make your own.")

SITE_URL = env.address("SITE_URL", ("https://", "http://"), default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not (DEBUG or TESTING))

INSTALLED_APPS = [
    "config",
    "cabinet.audit",
    "cabinet.register",
    "cabinet.notices",
    "cabinet.jobs",
    "cabinet.cache",
    "cabinet.exchange",
    "cabinet.customers",
    "cms_pages",
    "cabinet.consents",
    "cabinet.orders",
    "cabinet.bonuses",
    "cabinet.privacy",
    "cabinet.desk",
    "cookie_consent",
    "wagtail.embeds",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "phonenumber_field",
    "django_tasks",
    "django_tasks_db",
    "ninja",  # the files of its page for programmers
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.middleware.log_request",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.cache_rule",
    "config.security_headers.ContentPolicy",
    "config.middleware.language_from_path",
    "cabinet.privacy.gate.closed_until_replayed",
    "config.middleware.straight_to_machines",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "cabinet.customers.second_factor.DemandSecondFactor",
    "cms_pages.refusals.TellRefusals",
    "config.middleware.CalmErrors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cabinet.customers.chrome.account_chrome",
                "cabinet.frame.cabinet_frame",
            ],
            # Wagtail's pages of colleagues load this library without using it; pictures are not installed.
            "libraries": {"wagtailimages_tags": "wagtail.admin.templatetags.wagtailadmin_tags"},
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # widgets of Wagtail are among our overrides

# Databases -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'kelisim.sqlite3'}")}
DATABASES["default"].setdefault("CONN_MAX_AGE", 600)  # seconds; a new connection each time costs a factor of ten
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # DEFERRED failed 429 of 480 read-then-write transactions in a trial
        "timeout": 20,  # seconds
        "init_command": "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
else:
    # A server that is gone without a word is noticed in five seconds, not when TCP gives up.
    DATABASES["default"].setdefault("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, "tcp_user_timeout": 5000} | DATABASES["default"]["OPTIONS"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.address("REDIS_URL", ("redis://", "rediss://", "unix://"), default="")
CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "cabinet.cache.backends.RedisOrDatabase",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "serializer": "cabinet.cache.backends.JsonSerializer",
            "socket_connect_timeout": 0.5,  # seconds; whoever waits longer is better served by the database (f07)
            "socket_timeout": 0.5,
        },
    }
CACHES["database"] = {"BACKEND": "cabinet.cache.backends.StoredCache"}
# django-cookie-consent would keep its groups in each process, where other workers' changes do not reach them.
CACHES["cookie_groups"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

# Languages and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.one_of("LANGUAGE_CODE", ("ru", "kk", "en"), default="ru")
LANGUAGES = [("ru", _("Russian")), ("kk", _("Kazakh")), ("en", _("English"))]
# As speakers call their language; Django says “Қазақ”, which is the people.
LANGUAGE_NAMES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [ROOT / "site" / "locale"]
TIME_ZONE = env.one_of("TIME_ZONE", available_timezones(), default="Asia/Almaty")
KAZAKHSTAN = ["Almaty", "Aqtau", "Aqtobe", "Atyrau", "Oral", "Qostanay", "Qyzylorda"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True

# Files ---------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashing all files takes 20 s, so only where they are served for long.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.storage.ManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG and not TESTING

# People --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "customers.User"
AUTHENTICATION_BACKENDS = ["cabinet.customers.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),  # what a short passphrase has; ASVS 6.2.1 asks for 8
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "cabinet.customers.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "signup": "cabinet.consents.sign_up.SignUpForm",
    "login": "cabinet.customers.entrance.LoginForm",
    "reset_password": "cabinet.customers.entrance.ResetPasswordForm",
    "request_login_code": "cabinet.customers.entrance.RequestLoginCodeForm",
    "add_email": "cabinet.customers.entrance.AddEmailForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, and there alone
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # seconds: a letter may be kept waiting for some minutes by the other side
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # to change the address, too
ACCOUNT_CHANGE_EMAIL = True  # one address at a time: the one to sign in with
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True  # s12: all sessions end at once
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {
    "ask_shop": "5/d/user",  # s11
    "claim_order": "5/d/user",  # number and total of an order must not be found by trying
    "cookie_choice": "60/m/ip",  # mobile networks put many people behind one address
    "login_failed": "10/m/ip,5/15m/key",  # s11
    "reset_password": "20/m/ip,3/h/key",
    "wrong_signature": "30/m/ip",  # events from the shop; right ones are not counted
}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds; an invitation is such a link too
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds; s12: a fresh confirmation is at most ten minutes old
MFA_ADAPTER = "cabinet.customers.factor_secrets.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "cabinet.customers.forms.AuthenticateForm",
    "reauthenticate": "cabinet.customers.forms.ReauthenticateForm",
    "add_webauthn": "cabinet.customers.forms.AddKeyForm",
    "edit_webauthn": "cabinet.customers.forms.RenameKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
# Else whoever has a second factor would have to switch it off to change the e-mail. Nobody signs in by an address that
# is not confirmed (ACCOUNT_EMAIL_VERIFICATION), and the old one can take the change back.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Kelisim"
# Steps of 30 seconds by which a telephone's clock may be wrong; a demo shows codes that it can take for longer.
MFA_TOTP_TOLERANCE = 10 if DEBUG else 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a long working day
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# The __Host- prefix is refused by browsers without Secure, so plain http on one's own machine goes without it.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

UNCONFIRMED_DAYS = env.count("UNCONFIRMED_DAYS", default=14)  # after sign-up; whose e-mail nobody confirms, goes
# R7: after the last sign-in, order or consent; three years, as long as a claim from an order may be made in court
# (Civil Code of the RK, art. 178(1), secondary). 0: never.
IDLE_ACCOUNT_DAYS = env.count("IDLE_ACCOUNT_DAYS", default=1095)
if 0 < IDLE_ACCOUNT_DAYS <= 60:
    raise ImproperlyConfigured("IDLE_ACCOUNT_DAYS must be 0, or more than 60: people are told 30 days before.")
# What customers are asked for when they sign up, besides e-mail and password; in the cabinet they may add the rest.
ASKED_FIELDS = env.asked(
    "ASKED_FIELDS",
    ("first_name", "last_name", "birth_date", "phone", "postal_address"),
    default="first_name",  # R5: only what the sale needs; an order brings its own address and phone
)

# What the law demands by when (cabinet/register/regimes.py) ----------------------------------------------------------
REGIME = env.one_of("REGIME", ("rk", "gdpr"), default="rk")
WORKING_DAYS_MOVED = env.days("WORKING_DAYS_MOVED")  # {day: whether it is a working day, whatever the calendar says}
ERASURE_DELAY_DAYS = env.count("ERASURE_DELAY_DAYS", default=7)  # to think, before what cannot be undone
OBJECTION_DAYS = env.count("OBJECTION_DAYS", default=14)  # after delivery; the contract, food has no statutory period
OBJECTION_DAYS_BY_CLASS = env.counts("OBJECTION_DAYS_BY_CLASS")  # {class of goods: days} where they differ

# Bonuses: expired ones are taken away here each hour, where the shop engine sends no bonus.expired -------------------
BONUSES_EXPIRE_HERE = env.bool("BONUSES_EXPIRE_HERE", default=False)

# Orders by phone (cabinet/orders/phone_orders.py) ---------------------------------------------------------------------
PHONE_LINK_DAYS = env.count("PHONE_LINK_DAYS", default=60)  # until the objection period of most orders is over
PHONE_SEARCHES_PER_HOUR = env.count("PHONE_SEARCHES_PER_HOUR", default=30)  # for accounts by phone, of one colleague

# Refunds: bank details under keys of their own (cabinet/orders/vault.py); the first seals, the others still open ------
REFUND_VAULT_KEYS = env.list("REFUND_VAULT_KEYS", default=[])
if not REFUND_VAULT_KEYS and (DEBUG or TESTING):
    REFUND_VAULT_KEYS = [f"the vault of the demo, {SECRET_KEY}"]
REFUND_DETAILS_LIFETIME = timedelta(days=env.count("REFUND_DETAILS_DAYS", default=30))  # paid, and may yet come back
BREAK_GLASS_MINUTES = env.count("BREAK_GLASS_MINUTES", default=60)  # an officer's emergency access

# Telephone numbers as they are typed here (“8 701 …”) and as they are kept (“+7701…”) ---------------------------------
PHONENUMBER_DEFAULT_REGION = "KZ"
PHONENUMBER_DB_FORMAT = PHONENUMBER_DEFAULT_FORMAT = "E164"

# Cookies that visitors are asked about -------------------------------------------------------------------------------
COOKIE_CONSENT_NAME = "cookie_consent"
COOKIE_CONSENT_MAX_AGE = 365 * 24 * 60 * 60  # seconds: a refusal is kept as long as a consent, 12 months
COOKIE_CONSENT_SECURE = HTTPS
COOKIE_CONSENT_HTTPONLY = False  # pages are the same for everybody, so the browser reads its own answer
COOKIE_CONSENT_DECLINE = "-1"  # in place of a version: refused
COOKIE_CONSENT_LOG_ENABLED = False  # its log has no subject and goes with the group; ours are receipts
COOKIE_CONSENT_CACHE_BACKEND = "cookie_groups"

# Wagtail -------------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Kelisim"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False  # colleagues are invited and choose their own
# Wagtail would offer all 600 of the system, among them "localtime", at which browsers' scripts fail.
WAGTAIL_USER_TIME_ZONES = ["UTC", *(f"Asia/{city}" for city in KAZAKHSTAN)]
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # data stays in the country: no foreign avatar service
WAGTAILEMBEDS_FINDERS = [{"class": "cms_pages.embeds.DeclaredHosts"}]  # asks no other site about what it embeds
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

# A document of a megabyte in thousands of clauses is one form; the admin is the only place that takes so much.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # bytes

# Security ------------------------------------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "config.errors.forbidden"
X_FRAME_OPTIONS = "DENY"  # Wagtail itself says SAMEORIGIN for what its preview panel frames
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0  # two years, the value hstspreload.org asks for at the least is one
# Browsers remember these two for years, for every name below ours: each is somebody's decision, not a default.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", default=False)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURITY_CONTACT = env.address(
    "SECURITY_CONTACT", ("mailto:", "https://"), default="mailto:nobody@localhost" if DEBUG or TESTING else ""
)
if not SECURITY_CONTACT:
    raise ImproperlyConfigured("Set SECURITY_CONTACT to the mailto: or https:// address that hears of a vulnerability.")

CONTENT_SECURITY_POLICY = {"DIRECTIVES": security_headers.DIRECTIVES}  # of all that is not public
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = security_headers.static_file_headers
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0  # throttles count by address

# Letters -------------------------------------------------------------------------------------------------------------
vars().update(env.letters("EMAIL_URL", default="consolemail://"))
# What Django sends waits in the outbox; the postman hands it to the mail server that EMAIL_URL names.
LETTERS_BACKEND = "django.core.mail.backends.locmem.EmailBackend" if TESTING else vars()["EMAIL_BACKEND"]
EMAIL_BACKEND = "cabinet.notices.backend.Outbox"
EMAIL_TIMEOUT = 15  # seconds a mail server may take for each answer
LETTER_LIFETIME = timedelta(days=30)  # letters that were sent, or given up, are forgotten after that
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Kelisim <noreply@localhost>")

# Work beside the requests --------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": env.str("TASKS_BACKEND", default="") or "cabinet.jobs.queue.Queue"}}
if TASKS["default"]["BACKEND"].startswith("django_tasks_rq."):  # a queue in Redis: pip install django-tasks-rq
    if not REDIS_URL:
        raise ImproperlyConfigured("TASKS_BACKEND names a queue in Redis: set REDIS_URL, too.")
    INSTALLED_APPS += ["django_rq", "django_tasks_rq"]
    RQ_QUEUES = {"default": {"URL": REDIS_URL}}
WORKER_THREAD = env.bool("WORKER_THREAD", default=True)  # off: manage.py db_worker does the jobs

# What goes to and fro between the site and the shop engine -----------------------------------------------------------
# Ids of events are known that long, so that a repeat has no second effect; a shop may repeat 40 days late (f11).
RECEIVED_EVENT_LIFETIME = timedelta(days=env.count("RECEIVED_EVENT_DAYS", default=60))
if timedelta(days=40) >= RECEIVED_EVENT_LIFETIME:
    raise ImproperlyConfigured("RECEIVED_EVENT_DAYS must be more than 40: a shop engine may repeat an event so late.")
DELIVERY_LIFETIME = timedelta(days=30)  # events that were delivered, or given up, are forgotten after that

# Logs ----------------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.one_of("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # One line for every saved row says nothing to whoever keeps the site running.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}

# The log of events ---------------------------------------------------------------------------------------------------
AUDIT_ANCHORS = Path(env.str("AUDIT_ANCHORS", default="") or DATA_DIR / "audit-anchors.jsonl")

# Requests to the shop (cabinet/desk) ----------------------------------------------------------------------------------
# How long what was asked and answered is kept: three years, as long as somebody can sue for it (Civil Code, art. 178).
REQUEST_LIFETIME = timedelta(days=env.count("REQUEST_DAYS", default=1096))

# Copies of their data that customers ask for -------------------------------------------------------------------------
COPIES_DIR = Path(env.str("COPIES_DIR", default="") or DATA_DIR / "copies")  # never served by the web server
COPY_LIFETIME = timedelta(hours=env.count("COPY_HOURS", default=72))  # long enough for a weekend

# Marks of what is gone, replayed after a restore ---------------------------------------------------------------------
TOMBSTONES = Path(env.str("TOMBSTONES", default="") or DATA_DIR / "tombstones.jsonl")

# Backups -------------------------------------------------------------------------------------------------------------
BACKUP_DAYS = env.count("BACKUP_DAYS", default=14)  # as long as one exists, so does what was deleted since

# Public pages --------------------------------------------------------------------------------------------------------
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_BYTES", default=32 * 1024 * 1024)
PAGE_CACHE_DIR = DATA_DIR / "pages"
