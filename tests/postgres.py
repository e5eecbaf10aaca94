"""Prints the address of a PostgreSQL server for the tests, or nothing when there is none; with CI=true that is a failure.

GONGKAI_TEST_POSTGRES names another server. The database in the address need not exist: Django makes test_<name> beside it.
"""

import os
import sys

import psycopg

DEFAULT = "postgres://127.0.0.1:5432/gongkai"


def main() -> int:
    url = os.environ.get("GONGKAI_TEST_POSTGRES", DEFAULT)
    try:
        # The maintenance database is what Django connects to when it makes the test database.
        with psycopg.connect(url, dbname="postgres", connect_timeout=5, autocommit=True) as connection:
            may_create = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
    else:
        if may_create and may_create[0]:
            sys.stdout.write(url + "\n")
            return 0
        reason = "this role may not create databases (ALTER ROLE … CREATEDB)"
    sys.stderr.write(f"PostgreSQL for the tests ({url}): {reason}\n")
    if os.environ.get("CI") == "true":
        return 1
    sys.stderr.write("Not run on PostgreSQL. Start a server or set GONGKAI_TEST_POSTGRES to one.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
