-- Deletes what Kafka has acknowledged, once the slot has passed the position of the mark; nothing before that.
DELETE FROM outbox_event
WHERE transport = 'kafka' AND xid < CAST(:horizon AS xid8)
	AND EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'outbox_cdc' AND confirmed_flush_lsn >= CAST(:position AS pg_lsn));
