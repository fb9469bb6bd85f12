-- Deletes what Kafka has acknowledged, once the slot of the mark has passed its position; nothing before that.
DELETE FROM outbox_event
WHERE transport = 'kafka' AND xid < CAST(:horizon AS xid8)
	AND EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = :slot AND confirmed_flush_lsn >= CAST(:position AS pg_lsn));
