"""The one settings module: every switch comes from the environment and is closed by default."""

import os
import sys
from pathlib import Path

from config import env
from config.keys import keys_of_installation

BASE_DIR = Path(__file__).resolve().parent.parent
# The installer of the bundle leaves this mark: such a folder gets neither another database nor other keys by itself.
IS_INSTALLED = (BASE_DIR / ".installed").exists()
# What the installation itself writes: its SQLite file, its own keys, scratch files. Never committed.
VAR_DIR = env.folder(Path(os.environ.get("VAR_DIR") or BASE_DIR / "var"))
DATABASES = {
    "default": env.database(
        os.environ.get("DATABASE_URL", ""), default_path=None if IS_INSTALLED else VAR_DIR / "county.sqlite3"
    )
}

# Secrets live in one key file. Production names its own outside of the project (`check --deploy` insists) and makes
# it by `init_keys`; a try-out gets one made on first use.
KEY_FILE = Path(os.environ.get("KEY_FILE") or VAR_DIR / "keys.json")
KEYS = keys_of_installation(
    KEY_FILE, DATABASES["default"], is_installed=IS_INSTALLED, is_making=sys.argv[1:2] == ["init_keys"]
)
SECRET_KEY = KEYS.secret_key
# The heads of the chain of seals, outside of the database; best on another disk, readable by the auditor.
SEAL_FILE = Path(os.environ.get("SEAL_FILE") or VAR_DIR / "seals.txt")

DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "config",
    "foundation",
    "accounts",
    "townships",
    "staffing",
    "subsidies",
    "pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "accounts.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.readable_input",
    "config.ready.ReadyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.LoginMiddleware",
    "accounts.middleware.audit_of_access",
    "accounts.middleware.PermissionMiddleware",
    "accounts.middleware.DatabaseFaultMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "accounts.context.navigation",
                "townships.context.demonstration",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.MinimumLength", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# A user is locked out by name and address together, so that nobody can lock out a colleague.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "accounts.audit.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True

# Plain http by address is common on county intranets; HTTPS=1 closes everything behind TLS.
HTTPS = env.flag("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
# Asked on this machine, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"

CSRF_FAILURE_VIEW = "accounts.errors.csrf_failure"

# JSON in, JSON out, the session and CSRF token of the pages; who may do what is said by accounts.permissions.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["subsidies.api.reading.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "subsidies.api.reading.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "subsidies.api.errors.answer_to",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "基层劳动保障队伍补助",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "RunState": "subsidies.enums.RunState.choices",
        "ReportState": "subsidies.enums.ReportState.choices",
    },
}

LANGUAGE_CODE = "zh-hans"
# What Django and its libraries say, in the county's words.
LOCALE_PATHS = [BASE_DIR / "foundation" / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.folder(VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
# Never in a temporary file: rosters hold id numbers.
FILE_UPLOAD_HANDLERS = ["foundation.uploads.MemoryOnlyUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# strict: who enters, reviews and approves are always different offices; small: see accounts/permissions.py.
SEPARATION = env.choice("SEPARATION", "strict", "small")
# Whether appointments come with a signed declaration of near relatives.
KIN_DECLARATION = env.flag("KIN_DECLARATION")

# How this county names itself and its posts on pages and sheets.
COUNTY_BUREAU_NAME = os.environ.get("COUNTY_BUREAU_NAME", "县人力资源和社会保障局")
PLATFORM_NAME = os.environ.get("PLATFORM_NAME", "基层劳动保障平台")
POSITION_NAMES = {
    "platform_staff": os.environ.get("POSITION_PLATFORM_STAFF", "平台工作人员"),
    "assistant": os.environ.get("POSITION_ASSISTANT", "专职协理员"),
    "community_coordinator": os.environ.get("POSITION_COMMUNITY_COORDINATOR", "社区协管员"),
    "village_coordinator": os.environ.get("POSITION_VILLAGE_COORDINATOR", "村(居)协管员"),
}
SHEET_SIGNATURES = env.words("SHEET_SIGNATURES", default="制表,复核,审批,财政")
