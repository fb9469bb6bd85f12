-- The tables of the outbox on PostgreSQL 14 and newer.

-- Events that wait to be delivered. A row is deleted (or archived) when the broker has acknowledged it.
CREATE TABLE "${prefix}event" (
	-- Tells which rows a later read must look at although their numbers lie behind its cursor. Never copy it from another row.
	xid             xid8        NOT NULL DEFAULT pg_current_xact_id(),
	-- The order of the events of one key. CACHE 1: a number is taken while the writer holds its row lock.
	seq             bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
	id              uuid        NOT NULL,
	part            smallint    NOT NULL,
	event_key       text        COLLATE "C" CHECK (event_key <> ''),
	aggregate_type  text,
	aggregate_id    text,
	event_type      text        NOT NULL,
	event_version   integer     NOT NULL,
	transport       text        COLLATE "C" NOT NULL CHECK (btrim(transport) <> ''),
	destination     text        COLLATE "C" NOT NULL CHECK (btrim(destination) <> ''),
	options         text        CHECK (json_typeof(options::json) = 'object'),
	content_type    text        NOT NULL,
	headers         text        CHECK (json_typeof(headers::json) = 'object'),
	payload         bytea       NOT NULL,
	created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
	-- When it became due or was put back. NULL: it has waited since it was created.
	waiting_since   timestamptz,
	-- Written only when something goes wrong.
	attempts        smallint    NOT NULL DEFAULT 0,
	crashes         smallint    NOT NULL DEFAULT 0,
	first_failed_at timestamptz,
	next_attempt_at timestamptz,
	last_error      text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0,
	autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000000);
CREATE INDEX "${prefix}event_xid" ON "${prefix}event" (xid);
-- Partial, so that no statement but the one that reads a key can be planned with it.
CREATE INDEX "${prefix}event_key" ON "${prefix}event" (event_key, seq) WHERE event_key IS NOT NULL;

-- Events that are not due yet. They move to the table above when they are.
CREATE TABLE "${prefix}scheduled" (
	number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	deliver_at      timestamptz NOT NULL,
	id              uuid        NOT NULL,
	part            smallint    NOT NULL,
	event_key       text        COLLATE "C" CHECK (event_key <> ''),
	aggregate_type  text,
	aggregate_id    text,
	event_type      text        NOT NULL,
	event_version   integer     NOT NULL,
	transport       text        COLLATE "C" NOT NULL CHECK (btrim(transport) <> ''),
	destination     text        COLLATE "C" NOT NULL CHECK (btrim(destination) <> ''),
	options         text        CHECK (json_typeof(options::json) = 'object'),
	content_type    text        NOT NULL,
	headers         text        CHECK (json_typeof(headers::json) = 'object'),
	payload         bytea       NOT NULL,
	created_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX "${prefix}scheduled_due" ON "${prefix}scheduled" (transport, part, deliver_at);

-- Events that were given up.
CREATE TABLE "${prefix}dead_letter" (
	number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	seq             bigint      NOT NULL,
	id              uuid        NOT NULL,
	part            smallint    NOT NULL,
	event_key       text        COLLATE "C",
	aggregate_type  text,
	aggregate_id    text,
	event_type      text        NOT NULL,
	event_version   integer     NOT NULL,
	transport       text        COLLATE "C" NOT NULL,
	destination     text        COLLATE "C" NOT NULL,
	options         text,
	content_type    text        NOT NULL,
	headers         text,
	payload         bytea       NOT NULL,
	created_at      timestamptz NOT NULL,
	attempts        smallint    NOT NULL,
	first_failed_at timestamptz,
	died_at         timestamptz NOT NULL,
	error           text        NOT NULL,
	-- The same for errors of the same cause.
	fingerprint     text        COLLATE "C" NOT NULL,
	stack_trace     text,
	-- When it is to be forwarded, if at all.
	forward_at      timestamptz,
	forward_attempts smallint   NOT NULL DEFAULT 0
);
CREATE INDEX "${prefix}dead_letter_time" ON "${prefix}dead_letter" (died_at);
CREATE INDEX "${prefix}dead_letter_event" ON "${prefix}dead_letter" (id);
CREATE INDEX "${prefix}dead_letter_forward" ON "${prefix}dead_letter" (forward_at) WHERE forward_at IS NOT NULL;

-- Delivered events, if outbox.published.mode=archive. The cleanup adds partitions if its user owns the table, and drops those that have expired.
CREATE TABLE "${prefix}archive" (
	number          bigint      GENERATED ALWAYS AS IDENTITY,
	seq             bigint      NOT NULL,
	id              uuid        NOT NULL,
	part            smallint    NOT NULL,
	event_key       text        COLLATE "C",
	aggregate_type  text,
	aggregate_id    text,
	event_type      text        NOT NULL,
	event_version   integer     NOT NULL,
	transport       text        COLLATE "C" NOT NULL,
	destination     text        COLLATE "C" NOT NULL,
	options         text,
	content_type    text        NOT NULL,
	headers         text,
	payload         bytea       NOT NULL,
	created_at      timestamptz NOT NULL,
	archived_at     timestamptz NOT NULL,
	PRIMARY KEY (number, archived_at)
) PARTITION BY RANGE (archived_at);
CREATE INDEX "${prefix}archive_time" ON "${prefix}archive" (archived_at);
-- Takes every event for which there is no other partition.
CREATE TABLE "${prefix}archive_default" PARTITION OF "${prefix}archive" DEFAULT;

-- How far events of the archive have been put back into the outbox, one row for each replay.
CREATE TABLE "${prefix}replay" (
	name            text        COLLATE "C" PRIMARY KEY,
	selection       text        NOT NULL,
	replayed_to     bigint      NOT NULL,
	last_number     bigint      NOT NULL,
	event_count     bigint      NOT NULL,
	started_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Keys that make sure that an event is stored once.
CREATE TABLE "${prefix}idempotency" (
	idempotency_key text        COLLATE "C" PRIMARY KEY,
	id              uuid        NOT NULL,
	created_at      timestamptz NOT NULL
);
CREATE INDEX "${prefix}idempotency_time" ON "${prefix}idempotency" (created_at);

-- Relay instances with a lease. May vanish in a crash of the server: all instances join again.
CREATE UNLOGGED TABLE "${prefix}instance" (
	id              uuid        PRIMARY KEY,
	name            text        NOT NULL,
	transports      text[]      NOT NULL,
	joined_at       timestamptz NOT NULL,
	expires_at      timestamptz NOT NULL
);

-- Which instance sends the events of a partition.
CREATE TABLE "${prefix}partition" (
	transport       text        COLLATE "C" NOT NULL,
	part            smallint    NOT NULL,
	owner           uuid,
	epoch           bigint      NOT NULL DEFAULT 0,
	PRIMARY KEY (transport, part)
);

-- Keys that wait for an operator because their head is a dead letter.
CREATE TABLE "${prefix}blocked_key" (
	transport       text        COLLATE "C" NOT NULL,
	destination     text        COLLATE "C" NOT NULL,
	event_key       text        COLLATE "C" NOT NULL,
	blocked_at      timestamptz NOT NULL,
	-- The dead letter that blocks it. After a failover a number alone names no event.
	seq             bigint      NOT NULL,
	id              uuid        NOT NULL,
	PRIMARY KEY (transport, destination, event_key)
);

-- Destinations that an operator has paused.
CREATE TABLE "${prefix}destination_state" (
	transport       text        COLLATE "C" NOT NULL,
	destination     text        COLLATE "C" NOT NULL,
	paused_at       timestamptz NOT NULL,
	paused_by       text        NOT NULL,
	PRIMARY KEY (transport, destination)
);

-- What operators have changed.
CREATE TABLE "${prefix}audit" (
	number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	happened_at     timestamptz NOT NULL,
	operator        text        NOT NULL,
	action          text        NOT NULL,
	transport       text        COLLATE "C" NOT NULL,
	destination     text        COLLATE "C" NOT NULL,
	event_key       text        COLLATE "C",
	event_id        uuid,
	letter          bigint,
	detail          text
);
CREATE INDEX "${prefix}audit_time" ON "${prefix}audit" (happened_at);

-- What is known of the backlog, in one row: one instance measures it for all.
CREATE TABLE "${prefix}backlog" (
	number          smallint    PRIMARY KEY,
	claimed_at      timestamptz NOT NULL,
	measured_at     timestamptz,
	content         text
);

-- What must be the same for all instances.
CREATE TABLE "${prefix}setting" (
	name            text        PRIMARY KEY,
	value           text        NOT NULL
);
INSERT INTO "${prefix}setting" (name, value) VALUES ('schema.version', '1');

-- The default compression costs more than it saves. A server without lz4 stores payloads as they are.
DO $$
BEGIN
	ALTER TABLE "${prefix}event" ALTER payload SET COMPRESSION lz4;
	ALTER TABLE "${prefix}scheduled" ALTER payload SET COMPRESSION lz4;
	ALTER TABLE "${prefix}dead_letter" ALTER payload SET COMPRESSION lz4;
	ALTER TABLE "${prefix}archive" ALTER payload SET COMPRESSION lz4;
	ALTER TABLE "${prefix}archive_default" ALTER payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
	ALTER TABLE "${prefix}event" ALTER payload SET STORAGE EXTERNAL;
	ALTER TABLE "${prefix}scheduled" ALTER payload SET STORAGE EXTERNAL;
	ALTER TABLE "${prefix}dead_letter" ALTER payload SET STORAGE EXTERNAL;
	ALTER TABLE "${prefix}archive" ALTER payload SET STORAGE EXTERNAL;
END
$$;
