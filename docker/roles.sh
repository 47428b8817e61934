#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: the database and its two roles, as config/embedded/postgres.py
# makes them. The owner makes and changes tables (migrations); the application only reads and writes rows.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password OWNER_DATABASE_PASSWORD
\getenv app_password APP_DATABASE_PASSWORD
CREATE ROLE triage_owner LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE NOCREATEDB PASSWORD :'owner_password';
CREATE ROLE triage_app LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
-- else each session sees in pg_stat_activity what the others write, past every policy
ALTER ROLE triage_app SET track_activities = off;
CREATE DATABASE triage OWNER triage_owner;
\connect triage
GRANT USAGE ON SCHEMA public TO triage_app;
ALTER DEFAULT PRIVILEGES FOR ROLE triage_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO triage_app;
ALTER DEFAULT PRIVILEGES FOR ROLE triage_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO triage_app;
SQL
