#!/bin/sh
# Brings Temporal's two databases to the version of the server. Safe to run again: `setup-schema`
# refuses a database that has a schema already, and `update-schema` applies only what is missing.
set -eu

for db in temporal temporal_visibility; do
  folder=$([ "$db" = temporal ] && echo temporal || echo visibility)
  tool="temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal --db $db"
  $tool setup-schema -v 0.0 || echo "$db has a schema already"
  $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$folder/versioned"
done
