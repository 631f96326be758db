#!/bin/sh
# Runs once, on an empty data folder: a login and database each for Chargelane and for Temporal.
# Neither is a superuser; Chargelane may create the roles that row-level security needs.
set -eu

for name in CHARGELANE_DB_PASSWORD TEMPORAL_DB_PASSWORD; do
  eval "value=\${$name:-}"
  if [ -z "$value" ]; then
    echo "$name is not set: put it into .env (see .env.example), then remove the volume and start again." >&2
    exit 1
  fi
done

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set chargelane="$CHARGELANE_DB_PASSWORD" --set temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role chargelane login createrole password :'chargelane';
create database chargelane owner chargelane;
create role temporal login password :'temporal';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
SQL
