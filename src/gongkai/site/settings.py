"""All configuration, from environment variables alone (table in docs/configuration.md, compared with SETTINGS by a test)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url

SETTINGS: dict[str, tuple[str, str]] = {
    "GONGKAI_DATA": ("data", "数据文件夹：数据库、上传的文件、密钥、静态文件"),
    "GONGKAI_DATABASE_URL": ("", "数据库地址；空为数据文件夹里的 SQLite"),
    "GONGKAI_SECRET_KEY": ("", "签名密钥；空则第一次启动时生成并存入数据文件夹"),
    "GONGKAI_SEAL_KEYS": ("", "申请人信息的加密密钥，逗号分隔，第一个用来加密，其余只用来解开；空则第一次用到时生成并存入数据文件夹"),
    "GONGKAI_HOSTS": ("localhost,127.0.0.1,[::1]", "允许的主机名，逗号分隔"),
    "GONGKAI_HTTPS": ("0", "1 表示只经 HTTPS 访问：安全 Cookie、HSTS"),
    "GONGKAI_PROXIES": ("0", "前面有几层自己的反向代理；登录锁定按 X-Forwarded-For 倒数第几个地址算，0 按连接的地址"),
    "GONGKAI_DEBUG": ("0", "1 显示调试页面，只供开发"),
    "GONGKAI_REQUIRE_TOTP": ("0", "1 表示工作人员必须启用动态口令才能进入工作台"),
    "GONGKAI_SITE_NAME": ("清河市人民政府", "门户名称"),
    "GONGKAI_SITE_HOST": ("清河市人民政府办公室", "主办单位"),
    "GONGKAI_SITE_PHONE": ("0000-0000000", "联系电话"),
    "GONGKAI_SITE_ID": ("0000000000", "政府网站标识码"),
    "GONGKAI_SITE_ICP": ("", "ICP 备案号"),
    "GONGKAI_SITE_POLICE": ("", "公安机关备案号"),
    "GONGKAI_SITE_ERRORS_URL": ("https://zfwzzc.www.gov.cn/", "“我为政府网站找错”的入口地址"),
    "GONGKAI_DUE_SOON_DAYS": ("3", "期限前几个工作日亮黄灯（临近期限）；各地区可以另设"),
    "GONGKAI_ESCALATE_DAYS": ("3", "逾期几个工作日后报告责任单位负责人和主管部门，两倍时报告上级；各地区可以另设"),
    "GONGKAI_GUIDE_DAYS": ("365", "政府信息公开指南和机构信息多少日没有核对就提示；法律没有规定"),
    "GONGKAI_BASE_URL": ("", "邮件里链接的开头，如 https://gk.example.gov.cn；空为 http://localhost:8000"),
    "GONGKAI_MAIL_URL": ("", "邮件服务器，如 smtp+starttls://用户:口令@主机:587，或 smtps、smtp；空则写成数据文件夹 mail 里的文件"),
    "GONGKAI_MAIL_FROM": ("gongkai@localhost", "邮件的发件人"),
    "GONGKAI_REQUEST_MAIL_URL": (
        "",
        "收公开申请的邮箱，如 imaps://用户:口令@主机/INBOX?agency=机构代码，几个用逗号隔开；空则不读",
    ),
    "GONGKAI_WEBHOOK_HOSTS": ("", "系统对接提醒可以发往的主机，逗号分隔；空则不发"),
    "GONGKAI_DROP": ("", "文件投递的文件夹，档案馆、图书馆、编辑部从这里取；空为数据文件夹里的 drop"),
    "GONGKAI_JOURNAL_HASH": ("sha256", "变更记录的校验算法：sha256 或 sm3（国密）；已经封存的仍按原算法核对"),
    "GONGKAI_EXAMPLE": ("0", "1 表示启动时，数据库为空就装入示例城市"),
    "GONGKAI_OCR": ("0", "1 表示识别没有文字层的 PDF，须先安装 gongkai[ocr]"),
    "GONGKAI_OFD_CONVERTER": ("", "把 PDF 转成 OFD 的程序，运行时加两个参数：PDF 文件、要写的 OFD 文件；空则公开的文件只提供 Word、PDF"),
    "GONGKAI_UPLOAD_MB": ("50", "发布信息时一个附件最多多少 MB；更大的不接收"),
    "GONGKAI_OIDC_URL": ("", "统一身份认证（OpenID Connect）的地址，依申请公开的表单用它填入姓名和证件号码；空则不用，申请从不要求登录"),
    "GONGKAI_OIDC_CLIENT": ("", "在统一身份认证登记的客户端标识"),
    "GONGKAI_OIDC_SECRET": ("", "客户端密钥"),
    "GONGKAI_OIDC_SCOPE": ("openid profile", "向统一身份认证要的范围，空格分隔"),
    "GONGKAI_OIDC_NAME": ("name", "userinfo 里姓名的字段名"),
    "GONGKAI_OIDC_NUMBER": ("identity_number", "userinfo 里证件号码的字段名"),
    "GONGKAI_WEB_PROCESSES": ("1", "网页进程数，每个有 8 个线程；嵌入式安装一个就够"),
}


def setting(name: str) -> str:
    return os.environ.get(name, SETTINGS[name][0])


DATA_DIR = Path(setting("GONGKAI_DATA")).resolve()
DEBUG = setting("GONGKAI_DEBUG") == "1"


def _secret_key() -> str:
    """Given, or made once and kept beside the database with owner-only rights."""
    if given := setting("GONGKAI_SECRET_KEY"):
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = DATA_DIR / f".secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)  # the first of several processes wins; the others read its key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
SEAL_KEYS = setting("GONGKAI_SEAL_KEYS")
ALLOWED_HOSTS = [h for h in setting("GONGKAI_HOSTS").split(",") if h]
HTTPS = setting("GONGKAI_HTTPS") == "1"

INSTALLED_APPS = [
    "gongkai.portal",
    "gongkai.workbench",
    "gongkai.reports",
    "gongkai.disclosure_requests",
    "gongkai.channels",
    "gongkai.coordination",
    "gongkai.publications",
    "gongkai.catalogue",
    "gongkai.plans",
    "gongkai.reminders",
    "gongkai.obligations",
    "gongkai.search",
    "gongkai.agencies",
    "gongkai.journal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django_prose_editor",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "django_altcha",
]

MIDDLEWARE = [
    "gongkai.catalogue.sites_middleware.EndedSites",
    "gongkai.catalogue.sites_middleware.OwnHosts",
    "django.middleware.security.SecurityMiddleware",
    "gongkai.site.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gongkai.site.middleware.MethodNotAllowedPage",
    "gongkai.publications.public.middleware.OriginAddress",
    "gongkai.workbench.middleware.WorkDoor",
    "gongkai.obligations.middleware.Periods",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongkai.site.urls"
WSGI_APPLICATION = "gongkai.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.portal.context.site",
            ],
        },
    }
]

_database_url = setting("GONGKAI_DATABASE_URL")
if _database_url:
    DATABASES = {"default": dj_database_url.parse(_database_url, conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "gongkai.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # a writer waits for its turn at the start, instead of failing in the middle
                "timeout": 20,
                # Pages are read through the memory of the system, and 16 MB of what is written is kept before it goes to the file: with
                # SQLite's own 2 MB a new holiday notice reads the same pages of a large ledger again and again.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                    "PRAGMA cache_size=-16384; PRAGMA mmap_size=1073741824;"
                ),
            },
        }
    }

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "workbench:login"
LOGIN_REDIRECT_URL = "workbench:home"
LOGOUT_REDIRECT_URL = "portal:home"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "gongkai.workbench.client_address.client_address"
PROXIES = int(setting("GONGKAI_PROXIES"))
AXES_LOCKOUT_TEMPLATE = "workbench/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
REQUEST_WRONG_CODES, REQUEST_LOCK_MINUTES = 5, 15  # check codes of 依申请公开; the case is locked, not the address
OTP_TOTP_ISSUER = "Gongkai"
REQUIRE_TOTP = setting("GONGKAI_REQUIRE_TOTP") == "1"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["gongkai.site.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = ""  # files are served through views that check access, never from a folder
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
OFD_CONVERTER = setting("GONGKAI_OFD_CONVERTER")
UPLOAD_MB = int(setting("GONGKAI_UPLOAD_MB"))
FILE_UPLOAD_HANDLERS = [
    "gongkai.obligations.too_large.LimitUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gongkai.portal.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DUE_SOON_DAYS = int(setting("GONGKAI_DUE_SOON_DAYS"))
ESCALATE_DAYS = int(setting("GONGKAI_ESCALATE_DAYS"))
GUIDE_DAYS = int(setting("GONGKAI_GUIDE_DAYS"))
BASE_URL = setting("GONGKAI_BASE_URL").rstrip("/")
MAIL_URL = setting("GONGKAI_MAIL_URL")
MAIL_FROM = setting("GONGKAI_MAIL_FROM")
REQUEST_MAIL_URL = setting("GONGKAI_REQUEST_MAIL_URL")
WEBHOOK_HOSTS = frozenset(h.strip() for h in setting("GONGKAI_WEBHOOK_HOSTS").split(",") if h.strip())
DROP_DIR = Path(setting("GONGKAI_DROP") or DATA_DIR / "drop").resolve()
JOURNAL_HASH = setting("GONGKAI_JOURNAL_HASH")
EXAMPLE = setting("GONGKAI_EXAMPLE") == "1"
OIDC_URL = setting("GONGKAI_OIDC_URL").rstrip("/")
OIDC_CLIENT, OIDC_SECRET = setting("GONGKAI_OIDC_CLIENT"), setting("GONGKAI_OIDC_SECRET")
OIDC_SCOPE, OIDC_NAME, OIDC_NUMBER = setting("GONGKAI_OIDC_SCOPE"), setting("GONGKAI_OIDC_NAME"), setting("GONGKAI_OIDC_NUMBER")
WEB_PROCESSES = int(setting("GONGKAI_WEB_PROCESSES"))
SITE = {
    "name": setting("GONGKAI_SITE_NAME"),
    "host": setting("GONGKAI_SITE_HOST"),
    "phone": setting("GONGKAI_SITE_PHONE"),
    "id_code": setting("GONGKAI_SITE_ID"),
    "icp": setting("GONGKAI_SITE_ICP"),
    "police": setting("GONGKAI_SITE_POLICE"),
    "errors_url": setting("GONGKAI_SITE_ERRORS_URL"),
}

DJANGO_TABLES2_TEMPLATE = "workbench/table.html"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.db.backends": {"level": "WARNING"}},  # statements hold what a person wrote
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "gongkai.site.reporting.NoVariables"
