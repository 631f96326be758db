#!/bin/sh
# Runs once, on an empty data folder: a database each for Chargelane and for Temporal, with their logins.
# None is a superuser. chargelane_owner owns the tables and may create the roles that row-level security needs: the
# service `migrate` alone works as it. The processes log in as chargelane and, for one account at a
# time, as chargelane_tenant, with one password; both own nothing and create nothing.
set -eu

for name in CHARGELANE_DB_PASSWORD CHARGELANE_DB_OWNER_PASSWORD TEMPORAL_DB_PASSWORD; do
  eval "value=\${$name:-}"
  if [ -z "$value" ]; then
    echo "$name is not set: put it into .env (see .env.example), then remove the volume and start again." >&2
    exit 1
  fi
done

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set chargelane="$CHARGELANE_DB_PASSWORD" --set owner="$CHARGELANE_DB_OWNER_PASSWORD" \
  --set temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role chargelane_owner login createrole password :'owner';
create role chargelane login noinherit password :'chargelane';
create role chargelane_tenant login noinherit password :'chargelane';
create database chargelane owner chargelane_owner;
create role temporal login password :'temporal';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
\connect chargelane
-- Whose rows a statement sees is a setting: no statement of a tenant may change it.
revoke execute on function pg_catalog.set_config from public;
grant execute on function pg_catalog.set_config to chargelane_owner with grant option;
SQL
