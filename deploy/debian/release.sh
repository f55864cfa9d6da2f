#!/usr/bin/env bash
# Brings a checked-out version into service: packages, static files, database, restart. Run it as root in /srv/masthead.
set -euo pipefail
cd "$(dirname "$0")/../.."
# Line by line, as systemd reads it: a value may hold spaces.
mapfile -t variables < <(grep -E '^[A-Z_]+=' /etc/masthead/masthead.env)
run() { runuser -u masthead -- env "${variables[@]}" "$@"; }

runuser -u masthead -- python3 scripts/bootstrap.py
run .venv/bin/python manage.py check --deploy --fail-level WARNING
run .venv/bin/python manage.py collectstatic --noinput
run .venv/bin/python scripts/migrate.py
run .venv/bin/python manage.py setup_shop
systemctl restart masthead-worker
# The old workers finish what they are doing; the new ones load the new code.
systemctl restart masthead-web
