-- The tables of the outbox on SQLite 3.43 and newer. Times are microseconds since 1970, in UTC; ids are 16 bytes.

-- What must be the same for all instances, and rows that are locked so that one instance at a time does something.
CREATE TABLE IF NOT EXISTS "${prefix}setting" (
	name            TEXT NOT NULL PRIMARY KEY,
	value           TEXT NOT NULL
);

-- Events that wait to be delivered. A row is deleted (or archived) when the broker has acknowledged it.
CREATE TABLE IF NOT EXISTS "${prefix}event" (
	-- The order of the events of one key: a number is taken while the writer holds its row lock.
	seq             INTEGER PRIMARY KEY AUTOINCREMENT,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT CONSTRAINT "${prefix}event_event_key" CHECK (event_key <> ''),
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL CONSTRAINT "${prefix}event_transport" CHECK (trim(transport) <> ''),
	destination     TEXT NOT NULL CONSTRAINT "${prefix}event_destination" CHECK (trim(destination) <> ''),
	options         TEXT CONSTRAINT "${prefix}event_options" CHECK (json_valid(options) AND json_type(options) = 'object'),
	content_type    TEXT NOT NULL,
	headers         TEXT CONSTRAINT "${prefix}event_headers" CHECK (json_valid(headers) AND json_type(headers) = 'object'),
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000),
	-- When it became due or was put back. NULL: it has waited since it was created.
	waiting_since   INTEGER,
	-- Written only when something goes wrong.
	attempts        INTEGER DEFAULT 0 NOT NULL,
	crashes         INTEGER DEFAULT 0 NOT NULL,
	first_failed_at INTEGER,
	next_attempt_at INTEGER,
	last_error      TEXT
);
CREATE INDEX IF NOT EXISTS "${prefix}event_key" ON "${prefix}event" (event_key, seq);

-- Events that have come back to a place that the scans have passed.
CREATE TABLE IF NOT EXISTS "${prefix}returned" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	seq             INTEGER NOT NULL,
	returned_at     INTEGER NOT NULL
);

-- Events that are not due yet. They move to the first table when they are.
CREATE TABLE IF NOT EXISTS "${prefix}scheduled" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	deliver_at      INTEGER NOT NULL,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT CONSTRAINT "${prefix}scheduled_event_key" CHECK (event_key <> ''),
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL CONSTRAINT "${prefix}scheduled_transport" CHECK (trim(transport) <> ''),
	destination     TEXT NOT NULL CONSTRAINT "${prefix}scheduled_destination" CHECK (trim(destination) <> ''),
	options         TEXT CONSTRAINT "${prefix}scheduled_options" CHECK (json_valid(options) AND json_type(options) = 'object'),
	content_type    TEXT NOT NULL,
	headers         TEXT CONSTRAINT "${prefix}scheduled_headers" CHECK (json_valid(headers) AND json_type(headers) = 'object'),
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000)
);
CREATE INDEX IF NOT EXISTS "${prefix}scheduled_due" ON "${prefix}scheduled" (transport, part, deliver_at);

-- Events that were given up.
CREATE TABLE IF NOT EXISTS "${prefix}dead_letter" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	seq             INTEGER NOT NULL,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT,
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	options         TEXT,
	content_type    TEXT NOT NULL,
	headers         TEXT,
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL,
	attempts        INTEGER NOT NULL,
	first_failed_at INTEGER,
	died_at         INTEGER NOT NULL,
	error           TEXT NOT NULL,
	-- The same for errors of the same cause.
	fingerprint     TEXT NOT NULL,
	stack_trace     TEXT,
	-- When it is to be forwarded, if at all.
	forward_at      INTEGER,
	forward_attempts INTEGER DEFAULT 0 NOT NULL
);
CREATE INDEX IF NOT EXISTS "${prefix}dead_letter_time" ON "${prefix}dead_letter" (died_at);
CREATE INDEX IF NOT EXISTS "${prefix}dead_letter_event" ON "${prefix}dead_letter" (id);
CREATE INDEX IF NOT EXISTS "${prefix}dead_letter_forward" ON "${prefix}dead_letter" (forward_at) WHERE forward_at IS NOT NULL;

-- Delivered events, if outbox.published.mode=archive.
CREATE TABLE IF NOT EXISTS "${prefix}archive" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	seq             INTEGER NOT NULL,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT,
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	options         TEXT,
	content_type    TEXT NOT NULL,
	headers         TEXT,
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL,
	archived_at     INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS "${prefix}archive_time" ON "${prefix}archive" (archived_at);

-- How far events of the archive have been put back into the outbox, one row for each replay.
CREATE TABLE IF NOT EXISTS "${prefix}replay" (
	name            TEXT NOT NULL PRIMARY KEY,
	selection       TEXT NOT NULL,
	replayed_to     INTEGER NOT NULL,
	last_number     INTEGER NOT NULL,
	event_count     INTEGER NOT NULL,
	started_at      INTEGER NOT NULL DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000)
);

-- Keys that make sure that an event is stored once.
CREATE TABLE IF NOT EXISTS "${prefix}idempotency" (
	idempotency_key TEXT NOT NULL PRIMARY KEY,
	id              BLOB NOT NULL,
	created_at      INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS "${prefix}idempotency_time" ON "${prefix}idempotency" (created_at);

-- Relay instances with a lease.
CREATE TABLE IF NOT EXISTS "${prefix}instance" (
	id              BLOB NOT NULL PRIMARY KEY,
	name            TEXT NOT NULL,
	-- Names of transports, one in a line.
	transports      TEXT NOT NULL,
	joined_at       INTEGER NOT NULL,
	expires_at      INTEGER NOT NULL
);

-- Which instance sends the events of a partition.
CREATE TABLE IF NOT EXISTS "${prefix}partition" (
	transport       TEXT NOT NULL,
	part            INTEGER NOT NULL,
	owner           BLOB,
	epoch           INTEGER DEFAULT 0 NOT NULL,
	PRIMARY KEY (transport, part)
);

-- Keys that wait for an operator because their head is a dead letter.
CREATE TABLE IF NOT EXISTS "${prefix}blocked_key" (
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	event_key       TEXT NOT NULL,
	blocked_at      INTEGER NOT NULL,
	-- The dead letter that blocks it. After a failover a number alone names no event.
	seq             INTEGER NOT NULL,
	id              BLOB NOT NULL,
	PRIMARY KEY (transport, destination, event_key)
);

-- Destinations that an operator has paused.
CREATE TABLE IF NOT EXISTS "${prefix}destination_state" (
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	paused_at       INTEGER NOT NULL,
	paused_by       TEXT NOT NULL,
	PRIMARY KEY (transport, destination)
);

-- What operators have changed.
CREATE TABLE IF NOT EXISTS "${prefix}audit" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	happened_at     INTEGER NOT NULL,
	operator        TEXT NOT NULL,
	action          TEXT NOT NULL,
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	event_key       TEXT,
	event_id        BLOB,
	letter          INTEGER,
	detail          TEXT
);
CREATE INDEX IF NOT EXISTS "${prefix}audit_time" ON "${prefix}audit" (happened_at);

-- What is known of the backlog, in one row: one instance measures it for all.
CREATE TABLE IF NOT EXISTS "${prefix}backlog" (
	number          INTEGER PRIMARY KEY,
	claimed_at      INTEGER NOT NULL,
	measured_at     INTEGER,
	content         TEXT
);

INSERT OR IGNORE INTO "${prefix}setting" (name, value) VALUES ('lock.partitions', ''), ('lock.housekeeping', '');
INSERT OR IGNORE INTO "${prefix}setting" (name, value) VALUES ('schema.version', '1');
