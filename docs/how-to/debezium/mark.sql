-- All transactions below the horizon have ended, and their commits are in the log before this position. No row: there is no slot yet that
-- could pass it, and nothing to be cleaned up.
SELECT slot_name AS slot, pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, pg_current_wal_insert_lsn()::text AS position
FROM pg_replication_slots WHERE slot_name = 'outbox_cdc' AND confirmed_flush_lsn IS NOT NULL;
