-- All transactions below the horizon have ended, and their commits are in the log before this position.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, pg_current_wal_insert_lsn()::text AS position;
