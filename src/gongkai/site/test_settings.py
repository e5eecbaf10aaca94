"""Settings for the tests: the product's own, with a throw-away data folder and cheap password hashing."""

import os
import tempfile

os.environ.setdefault("GONGKAI_DATA", tempfile.mkdtemp(prefix="gongkai-test-"))

from gongkai.site.settings import *  # noqa: E402, F403
from gongkai.site.settings import STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one at every request

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
ALLOWED_HOSTS = ["*"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # a file, as in use: threads that write at once wait for each other there, in memory they fail on a locked table
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
