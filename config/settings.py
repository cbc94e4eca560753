"""Settings. Every value has a default for a local installation; production requires more.

A value comes from the environment variable NAME, or from the file that NAME_FILE names (for secrets).
"""

import contextlib
import datetime
import os
import secrets
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from api.replicas.databases import prompt_primary, replica_databases
from api.tags import TAGS
from config.env import (
    choice,
    contact_addresses,
    env,
    fingerprints,
    integer,
    networks,
    postgres,
    postgres_list,
    refuse_former_names,
)
from config.logs import LOGGING  # noqa: F401 (a setting)
from config.static_version import static_version
from config.tracing.wanted import are_traces_wanted
from config.uploads.bucket import bucket_storage
from content.database_limits import Work, startup_options

BASE_DIR = Path(__file__).resolve().parent.parent

# -- mode and home

refuse_former_names(
    {
        "SIGN_INS_PER_MINUTE": "LOGINS_PER_MINUTE",
        "WAITING_FOLLOWERS": "LONG_POLLING_SLOTS",
        "WIRE_ENVIRONMENT": "FCM_TOPIC_ENVIRONMENT",
    }
)
MODE = choice("LUATMO_MODE", ["local", "production"], default="local")
LOCAL = MODE == "local"

if not LOCAL:
    needed = (
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "PUBLIC_URL",
        "DATABASE_URL",
        "FIREBASE_CREDENTIALS_FILE",
        "SECURITY_CONTACTS",
    )
    missing = [name for name in needed if not env(name, default="")]
    wrong = [f"{name} is not set" for name in missing]
    if env("FIREBASE_AUTH_EMULATOR_HOST", default=""):
        wrong.append("FIREBASE_AUTH_EMULATOR_HOST is set: the SDK would accept unsigned tokens")
    if wrong:
        raise ImproperlyConfigured("LUATMO_MODE=production cannot start: " + "; ".join(wrong) + ".")

HOME = Path(env("LUATMO_HOME", default=str(BASE_DIR / ".local"))).absolute()
PORT = integer("PORT", default=8000)
FCM_PORT = integer("FCM_PORT", default=9099)
PUBLIC_URL = env("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")


def local_secret_key() -> str:
    """The secret key of this checkout, created on first use and stored in LUATMO_HOME."""
    HOME.mkdir(parents=True, exist_ok=True)
    file = HOME / "secret_key"
    if not file.exists():
        half = HOME / f"secret_key.{os.getpid()}.{secrets.token_hex(4)}"  # complete before it gets its final name
        with open(half, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as new:
            new.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # a concurrent first start created the key
            os.link(half, file)
        half.unlink()
    return file.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or local_secret_key()
DEBUG = False
EMULATOR_HOST = "10.0.2.2"  # what the emulator of Android calls the machine on which it runs
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]", *([EMULATOR_HOST] if LOCAL else [])]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS)

# -- applications and middleware, outermost first

INSTALLED_APPS = [
    "config",
    "api",
    "notifications",
    "content",
    "config.staff.apps.StaffSiteConfig",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "rest_framework",
    *(["django_linear_migrations"] if find_spec("django_linear_migrations") else []),  # of developers alone
]
AUTH_USER_MODEL = "content.User"
TRACING = are_traces_wanted(os.environ)  # OTEL_EXPORTER_OTLP_ENDPOINT; needs requirements-tracing.txt
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "config.proxies.client_address_middleware",
    *(["config.tracing.requests.trace_middleware"] if TRACING else []),
    "config.logs.request_log_middleware",
    "django.middleware.security.SecurityMiddleware",
    "config.content_policy.middleware.PolicyMiddleware",
    "config.static_files.StaticFilesMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "api.pages.error_pages.error_page_middleware",  # sees every problem, that of the limits too
    "api.limits.throttles.RequestThrottleMiddleware",  # sees which answers became a 304
    "api.caching.ConditionalRequestMiddleware",
    "api.replicas.reserved.reserved_threads_middleware",
    "api.replicas.middleware.replica_middleware",
    "config.staff.middleware.StaffSessionMiddleware",
    "api.request_validation.RequestValidationMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.staff.middleware.staff_page_middleware",
    "axes.middleware.AxesMiddleware",
    "api.problems.method_not_allowed_middleware",
    "api.renderers.rendered_data_middleware",  # nearest to the views: all others see bytes
]
TEMPLATE_FOLDERS: list[Path] = []  # besides those of the applications
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": TEMPLATE_FOLDERS,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False  # a redirect to the URL with a slash would lose the body of a POST

# -- database: any PostgreSQL from 15 on, or a private one

if env("DATABASE_URL", default=""):
    PRIVATE_POSTGRES = None
elif env("DATABASE_DIRECT_URL", default=""):  # the private database would be written, and another one heard
    raise ImproperlyConfigured("DATABASE_DIRECT_URL is set without DATABASE_URL: set both, or neither.")
else:
    from config.local.private_postgres import (
        PrivatePostgres,
    )  # imported here only: production imports nothing of config.local

    PRIVATE_POSTGRES = PrivatePostgres(HOME)
PRIVATE_URL = PRIVATE_POSTGRES.url() if PRIVATE_POSTGRES else None
DATABASES = {"default": postgres("DATABASE_URL", default=PRIVATE_URL)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASE_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})  # in addition to those of the URL (sslmode=…)
DATABASE_OPTIONS["options"] = startup_options(
    Work.COMMANDS, DATABASE_OPTIONS.get("options", "")
)  # web and worker differ
# past PgBouncer in transaction mode, which DATABASE_URL then names: sessions that hear of changes, and migrations
DATABASE_DIRECT = postgres("DATABASE_DIRECT_URL", default=None) if env("DATABASE_DIRECT_URL", default="") else None
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_DIRECT is not None  # they outlive a transaction
# seconds; libpq waits 130 for a server that takes a connection and says nothing, as one that is frozen or starting does
DATABASE_OPTIONS.setdefault("connect_timeout", 5)
DATABASE_OPTIONS["pool"] = {
    "min_size": 0,
    "max_size": 4,
    "timeout": 5,  # seconds a request waits for a connection
    "reconnect_timeout": 2,  # the default of 300 s gave 500 for minutes after an outage
    "max_idle": 3,  # seconds until one unused connection is given back; after a load others need them
}

# connections the database has for this installation: its max_connections, less those it reserves for superusers
DATABASE_CONNECTIONS = integer("DATABASE_CONNECTIONS", default=90)
WEB_PROCESSES, WEB_THREADS = integer("WEB_PROCESSES", default=2), integer("WEB_THREADS", default=16)
# public reads go to replicas of it that are current (api/replicas): each URL names one server itself
REPLICA_DATABASES = replica_databases(
    postgres_list("DATABASE_REPLICA_URLS"), pool=DATABASE_OPTIONS["pool"], most_connections=WEB_THREADS + 1
)
DATABASES |= REPLICA_DATABASES
DATABASE_REPLICAS = list(REPLICA_DATABASES)
SENDER_THREADS = integer("SENDER_THREADS", default=8)
JOB_QUEUE_CONNECTIONS = 4  # the pool of procrastinate in a worker
# sessions of a web process beside its pools: two hear of changes (api/reads), one tells how much was asked
# (api/limits), and one for each replica looks how far it is (api/replicas)
WEB_SESSIONS = 3 + len(DATABASE_REPLICAS)
LEAST_WEB_CONNECTIONS, LEAST_PROMPT_CONNECTIONS = 2, 1 if DATABASE_REPLICAS else 0
_LEAST_OF_WEB = max(1, WEB_PROCESSES) * (WEB_SESSIONS + LEAST_WEB_CONNECTIONS + LEAST_PROMPT_CONNECTIONS)
# a worker: each thread of the sender, its loop, two jobs, a spare; at most half of all, so that the web has the rest.
# Three at least: the loop keeps one while much is sent, and a thread may need one while a job has another.
LEAST_WORKER_CONNECTIONS = 3
WORKER_CONNECTIONS = max(
    LEAST_WORKER_CONNECTIONS,
    min(
        SENDER_THREADS + 4,
        DATABASE_CONNECTIONS // 2 - JOB_QUEUE_CONNECTIONS,
        DATABASE_CONNECTIONS - JOB_QUEUE_CONNECTIONS - _LEAST_OF_WEB,
    ),
)
LEAST_CONNECTIONS = _LEAST_OF_WEB + LEAST_WORKER_CONNECTIONS + JOB_QUEUE_CONNECTIONS  # with fewer doctor complains
# a web process: each thread, and the one of the health checks; beside them, where there are replicas, a pool for public
# reads that the primary answers
_OF_POOLS = (DATABASE_CONNECTIONS - WORKER_CONNECTIONS - JOB_QUEUE_CONNECTIONS) // max(1, WEB_PROCESSES) - WEB_SESSIONS
PROMPT_CONNECTIONS = max(1, min(WEB_THREADS // 2, _OF_POOLS // 3)) if DATABASE_REPLICAS else 0
WEB_CONNECTIONS = max(LEAST_WEB_CONNECTIONS, min(WEB_THREADS + 1, _OF_POOLS - PROMPT_CONNECTIONS))
if DATABASE_REPLICAS:
    DATABASES["prompt"] = prompt_primary(
        postgres("DATABASE_URL", default=PRIVATE_URL),
        pool=DATABASE_OPTIONS["pool"],
        most_connections=PROMPT_CONNECTIONS,
    )
    DATABASES["prompt"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_DIRECT is not None

# -- language and time

LANGUAGE_CODE = "vi"
LANGUAGE_COOKIE_NAME = ";"  # no cookie has this name: public answers depend on `lang` and Accept-Language alone
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"  # legal dates change at midnight in Viet Nam
USE_TZ = True

# -- files

# the address of a file has the version of all, so that who has it need not ask again (config/static_files.py)
STATIC_FOLDERS = [BASE_DIR / layer / "static" for layer in ("api", "config", "config/local", "content")]
STATIC_URL = f"/static/{static_version(STATIC_FOLDERS)}/"
WHITENOISE_USE_FINDERS = True  # serves files from the packages, without collectstatic

OWN_TEXTS_LICENCE = env("OWN_TEXTS_LICENCE", default="CC-BY-4.0")  # licence of our own texts: answers, events
EXPORTS_FOLDER = env(
    "EXPORTS_FOLDER", default=str(HOME / "exports")
)  # bulk exports: written by the worker, read by the web
MEDIA_FOLDER = env("MEDIA_FOLDER", default=str(HOME / "media"))  # files of materials, shared by all machines
MEDIA_BUCKET = env("MEDIA_BUCKET", default="")  # of S3, instead of MEDIA_FOLDER; needs requirements-s3.txt
UPLOADS_FOLDER = env("UPLOADS_FOLDER", default="")  # what is uploaded, until it is stored; empty: TMPDIR
FILE_UPLOAD_TEMP_DIR = UPLOADS_FOLDER or None
_FOLDER = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_FOLDER}}
STORAGES = {
    "default": bucket_storage(MEDIA_BUCKET) if MEDIA_BUCKET else _FOLDER,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# files that rows refer to: {name in a backup: folder}
BACKUP_FOLDERS: dict[str, str] = {} if MEDIA_BUCKET else {"media": MEDIA_FOLDER}

# -- seals: Ed25519 keys that sign the receipts of contests, as PEM blocks; the last one signs (content/seals)

SEAL_KEYS = env("SEAL_KEYS", default="")
SEAL_KEYS_LOCAL_FILE = str(HOME / "seal_keys.pem") if LOCAL else ""  # made on first use
SYNC_CA_FILE = env("SYNC_CA_FILE", default="")  # certificates that vouch for other installations; empty: the usual ones
ID_TOKENS_VERIFIED = False  # no request proves a Firebase sign-in yet: contests for signed-in people are refused

# -- search

SEARCH_VECTORS = choice("SEARCH_VECTORS", ["0", "1"], default="0") == "1"  # needs requirements-vectors.txt

# -- push

FIREBASE_CREDENTIALS_FILE = env("FIREBASE_CREDENTIALS_FILE", default="")
FCM_TOPIC_ENVIRONMENT = env("FCM_TOPIC_ENVIRONMENT", default="local" if LOCAL else "vn")  # first part of each FCM topic
WIRE_ENVIRONMENT = FCM_TOPIC_ENVIRONMENT  # its former name: migrations 0031 and 0041 of notifications read it
DELIVERY_LEASE_SECONDS = integer("DELIVERY_LEASE_SECONDS", default=90)

VIRTUAL_PHONES = LOCAL and not FIREBASE_CREDENTIALS_FILE  # the local FCM server and the page /phone run
if VIRTUAL_PHONES:
    from config.local.fcm_emulator import client_environment

    TEMPLATE_FOLDERS.append(BASE_DIR / "config" / "local" / "templates")
    STATICFILES_DIRS = [BASE_DIR / "config" / "local" / "static"]
    LOCAL_FCM_ENVIRONMENT = client_environment(FCM_PORT, HOME / "fcm")  # points firebase-admin at the local FCM server

# -- well-known URLs (api/discovery.py)

# contacts for security reports: mailto:, tel: or https: addresses, preferred first
SECURITY_CONTACTS = contact_addresses("SECURITY_CONTACTS", default=f"{PUBLIC_URL}/docs/contact")
INSTALLATION_NAME = env("INSTALLATION_NAME", default="Luật Mở")  # what other installations call this one
INSTALLATION_ORGANISATION = env("INSTALLATION_ORGANISATION", default="")  # the office that publishes here
ANDROID_PACKAGE = env("ANDROID_PACKAGE", default="")  # the app that opens our URLs, and the SHA-256 fingerprints
ANDROID_FINGERPRINTS = fingerprints("ANDROID_FINGERPRINTS", default="")  # of its certificates, as keytool prints them
APPLE_APP_IDS = env.list("APPLE_APP_IDS", default=[])  # TEAMID.bundle.id

# -- API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.DeviceAuthentication"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.ProblemAwareNegotiation",
    "DEFAULT_FILTER_BACKENDS": ["api.v1.choices.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.StrictCursorPagination",
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.OperationSchema",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "DEFAULT_VERSION": "v1",
    "ALLOWED_VERSIONS": ["v1"],
    "EXCEPTION_HANDLER": "api.problems.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # else DRF answers 404 to ?format= instead of 400
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "api.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "api.problems.ProblemFormatter",
    "NESTED_FIELD_SEPARATOR": "\x1f",  # api.problems converts it to JSON Pointers; a dot may be part of a name
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Luật Mở",
    "VERSION": "",  # the generator then writes that of the address, v1
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # api.openapi.enums explains the values, once
    "POSTPROCESSING_HOOKS": [
        "api.openapi.hooks.copy_result",
        "api.openapi.problem_schema.add_problem_schema",
        "api.openapi.push_schema.add_push",
        "api.openapi.hooks.remove_generator_marks",
        "api.openapi.hooks.sort_parameters",
        "api.openapi.hooks.add_empty_security",
        "api.openapi.hooks.add_response_headers",
        "api.openapi.hooks.add_integer_formats",
        "api.openapi.hooks.add_url_formats",
        "api.openapi.examples.add_examples",
        "api.openapi.descriptions.fill_descriptions",
        "api.openapi.descriptions.add_sparse_hint",
        "api.openapi.translation.translate_texts",
        "api.openapi.enums.name_enums",
        "api.openapi.sharing.share_responses",
        "api.openapi.sharing.share_parameters",
    ],
    "SERVERS": [
        {
            "url": "/",
            "description": "The host that served this file, local or production. A client made from a saved copy needs "
            "it as base URL.",
            "x-internal": False,
        }
    ],
    "CONTACT": {"name": "Luật Mở"},
    "TAGS": TAGS,
}

# limits per address, of all processes together; in a local installation one machine runs all virtual phones
NEW_DEVICES_PER_HOUR = integer("NEW_DEVICES_PER_HOUR", default=100_000 if LOCAL else 20)
CONTEST_DEVICES_PER_HOUR = integer("CONTEST_DEVICES_PER_HOUR", default=100_000 if LOCAL else 2_000)  # while one is near
ADDRESS_QUESTIONS_PER_HOUR = integer("ADDRESS_QUESTIONS_PER_HOUR", default=100_000 if LOCAL else 30)  # accepted ones
READS_PER_MINUTE = integer("READS_PER_MINUTE", default=600)
RECORDS_PER_MINUTE = integer("RECORDS_PER_MINUTE", default=12_000)  # of other installations: one for each change
FILE_PARTS_PER_MINUTE = integer("FILE_PARTS_PER_MINUTE", default=6_000)  # of at most 4 MiB behind nginx
WRITES_PER_MINUTE = integer("WRITES_PER_MINUTE", default=100_000 if LOCAL else 600)  # many phones share one address
ATTEMPT_WRITES_PER_MINUTE = integer("ATTEMPT_WRITES_PER_MINUTE", default=100_000 if LOCAL else 6_000)  # a school
CERTIFICATES_PER_MINUTE = integer("CERTIFICATES_PER_MINUTE", default=60)  # each takes 0.2 s of a core
BULK_PER_MINUTE = integer("BULK_PER_MINUTE", default=30)  # requests for bulk exports
CITATIONS_PER_MINUTE = integer("CITATIONS_PER_MINUTE", default=60)  # texts whose references are read, lists of statuses
SIMILAR_SEARCHES_PER_MINUTE = integer("SIMILAR_SEARCHES_PER_MINUTE", default=60)  # each compares every question
LONG_POLLING_SLOTS = integer(
    "LONG_POLLING_SLOTS", default=4
)  # concurrent `changes?wait=`, each holds one of the 16 threads
CONTEST_SAVES_AT_ONCE = integer(
    "CONTEST_SAVES_AT_ONCE", default=max(1, WEB_THREADS // 2)
)  # of a process; more are told to come later, so that submissions always find a thread
READ_CACHE_MEBIBYTES = integer("READ_CACHE_MEBIBYTES", default=16)  # answers in the memory of a web process; 0: none
WHOLE_TEXT_WAIT_SECONDS = 5.0  # for one of the two turns to write a whole text; then 503: a later try does better
LOGINS_PER_MINUTE = integer("LOGINS_PER_MINUTE", default=30)

# own proxies whose X-Forwarded-For is trusted: addresses and networks. Empty: the header is ignored
TRUSTED_PROXIES = frozenset(networks("TRUSTED_PROXIES", default=""))

# -- metrics (config/metrics): who may read /metrics, and where the processes of a machine count together

METRICS_NETWORKS = networks("METRICS_NETWORKS", default="127.0.0.0/8,::1")
METRICS_FOLDER = env("METRICS_FOLDER", default=str(HOME / "metrics"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_FOLDER  # prometheus_client looks here when it is imported
WORKER_METRICS_ADDRESS = env("WORKER_METRICS_ADDRESS", default="127.0.0.1")
WORKER_METRICS_PORT = integer("WORKER_METRICS_PORT", default=0)  # 0: where web and worker share METRICS_FOLDER

# -- staff site

SECOND_FACTOR_REQUIRED = not LOCAL  # in local mode only accounts that have one are asked
OTP_TOTP_ISSUER = "Luật Mở"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "MinimumLengthValidator": {"min_length": 12},
        "UserAttributeSimilarityValidator": {},
        "CommonPasswordValidator": {},
    }.items()
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # attempts from elsewhere cannot lock Lan out of her account
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # more attempts do not extend the lock-out
AXES_LOCKOUT_CALLABLE = "config.staff.login.locked_out_response"
AXES_USERNAME_FORM_FIELD = "username"
AXES_CLIENT_IP_CALLABLE = "config.proxies.client_address"  # REMOTE_ADDR only, no other header
AXES_DISABLE_ACCESS_LOG = True  # the audit records sign-ins
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

SESSION_COOKIE_NAME, SESSION_COOKIE_PATH = "staff", "/staff/"  # never sent to the API
SESSION_COOKIE_AGE = 4 * 3600  # seconds without a request
SESSION_SAVE_EVERY_REQUEST = True
SESSION_MAX_SECONDS = 12 * 3600  # seconds since sign-in, with or without requests
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no message in a cookie
CSRF_COOKIE_PATH = "/staff/"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.staff.login.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

# -- security

# pages of any origin may read and write. They act for nobody: credentials are not allowed, no view under /api/ looks at
# a cookie, and a page has the secret of a device only from its own registration. An app follows page_url and permanent
# addresses to the same object in the API
_PUBLIC_ADDRESSES = (
    "api|van-ban|hoi-dap|su-kien|cuoc-thi|chung-nhan|tai-lieu|danh-sach-phat|kenh|de-an|ke-hoach|akn|eli"
)
CORS_URLS_REGEX = rf"^/(?:{_PUBLIC_ADDRESSES}{'|phone/devices' if VIRTUAL_PHONES else ''})/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = [  # what we read, and what HTTP libraries of browsers add
    "Accept", "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "Idempotency-Key",
    "If-Modified-Since", "If-None-Match", "If-Range", "Range", "User-Agent", "X-Request-ID", "X-Requested-With",
]  # fmt: skip
CORS_PREFLIGHT_MAX_AGE = 24 * 3600  # seconds; Chromium keeps it for two hours at most
CORS_EXPOSE_HEADERS = [  # all that we set and that a page cannot read without this
    "Accept-Ranges", "Allow", "Completeness", "Content-Disposition", "Content-Range", "Deprecation", "ETag", "Link",
    "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "Sunset", "Text-Is-Of", "WWW-Authenticate",
    "X-Request-ID",
]  # fmt: skip
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
READINESS_SECONDS = 1  # an answer of /health/ready is kept for so long
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
if not LOCAL:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # an API must not redirect http to https (ASVS 4.1.2): the credential would already be exposed
]
