#!/usr/bin/env bash
# tools/venv.sh FOLDER: a virtual environment made with the first Python 3.11 or newer found. PYTHON=… chooses another.
set -euo pipefail
folder=$1

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
  if suits "$name"; then python=$name; break; fi
done
if [ -z "$python" ]; then
  echo "Gongkai needs Python 3.11 or newer. Install one (Debian 12, Ubuntu 24.04: apt-get install python3) or name it: make PYTHON=/path/to/python" >&2
  exit 2
fi
# Debian ships venv apart from Python.
"$python" -c 'import ensurepip, venv' 2>/dev/null || PYTHON_FOR_VENV=$python "$(dirname "$0")/apt.sh" venv
"$python" -m venv "$folder"
