-- Moves the scheduled events that are due. xid and seq are left to their defaults.
WITH due AS (
	DELETE FROM outbox_scheduled WHERE number IN (
		SELECT number FROM outbox_scheduled WHERE transport = 'kafka' AND deliver_at <= statement_timestamp()
		ORDER BY deliver_at, id LIMIT 1000 FOR UPDATE)
	RETURNING *)
INSERT INTO outbox_event (id, part, event_key, aggregate_type, aggregate_id, event_type, event_version, transport, destination,
	options, content_type, headers, payload, created_at, waiting_since)
SELECT id, part, event_key, aggregate_type, aggregate_id, event_type, event_version, transport, destination,
	options, content_type, headers, payload, created_at, deliver_at
FROM due ORDER BY deliver_at, id;
