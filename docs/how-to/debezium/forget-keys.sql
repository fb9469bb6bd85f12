DELETE FROM outbox_idempotency WHERE created_at < now() - interval '7 days';
