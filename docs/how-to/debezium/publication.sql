CREATE PUBLICATION outbox_cdc FOR TABLE outbox_event WHERE (transport = 'kafka') WITH (publish = 'insert');
