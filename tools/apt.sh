#!/usr/bin/env bash
# tools/apt.sh browser|font|venv: sees that it is there; installs it through apt where this user may, or says in one line what to install.
set -euo pipefail

case ${1:-} in
  browser)
    packages=chromium
    present() { command -v "${GONGKAI_CHROMIUM:-chromium}" >/dev/null; }
    ;;
  font)
    packages="fonts-noto-cjk fontconfig"
    present() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
    ;;
  venv)
    packages=python3-venv
    present() { "${PYTHON_FOR_VENV:-python3}" -c 'import ensurepip, venv' 2>/dev/null; }
    ;;
  *)
    echo "usage: tools/apt.sh browser|font|venv" >&2
    exit 2
    ;;
esac

if present; then exit 0; fi

may=
if command -v apt-get >/dev/null; then
  if [ "$(id -u)" = 0 ]; then may=env; elif sudo -n true 2>/dev/null; then may=sudo; fi
fi
if [ -n "$may" ]; then
  echo "Installing $packages (once) …"
  log=$(mktemp)
  {
    $may apt-get update -q && $may env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
  } </dev/null >"$log" 2>&1 || { tail -20 "$log" >&2; }
  rm -f "$log"
fi
if ! present; then
  echo "Missing: $packages. Install it as root (apt-get install $packages) and run make again." >&2
  exit 1
fi
