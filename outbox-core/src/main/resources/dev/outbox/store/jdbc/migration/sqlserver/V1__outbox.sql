-- The tables of the outbox on SQL Server 2019 and newer. All times are in UTC. The collation tells all texts apart that differ, but for blanks at their end: keys with such are refused.
-- Brackets stand around the names of tables only, so that a schema can be put before them. To be run in one transaction, with QUOTED_IDENTIFIER ON, which sqlcmd has with its option -I.

-- Events that wait to be delivered. A row is deleted (or archived) when the broker has acknowledged it.
CREATE TABLE [${prefix}event] (
	-- The order of the events of one key: a number is taken while the writer holds its row lock.
	seq             bigint         IDENTITY(1, 1) NOT NULL PRIMARY KEY CLUSTERED,
	id              binary(16)     NOT NULL,
	part            smallint       NOT NULL,
	event_key       nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL CONSTRAINT ${prefix}event_event_key CHECK (right(event_key, 1) <> N' '),
	aggregate_type  nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	aggregate_id    nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	event_type      nvarchar(700)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	event_version   int            NOT NULL,
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT ${prefix}event_transport CHECK (right(transport, 1) <> N' '),
	destination     nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT ${prefix}event_destination CHECK (right(destination, 1) <> N' '),
	options         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL CONSTRAINT ${prefix}event_options CHECK (isjson(options) = 1 AND left(options, 1) = N'{'),
	content_type    nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	headers         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL CONSTRAINT ${prefix}event_headers CHECK (isjson(headers) = 1 AND left(headers, 1) = N'{'),
	payload         varbinary(max) NOT NULL,
	created_at      datetime2(6)   NOT NULL DEFAULT (sysutcdatetime()),
	-- When it became due or was put back. NULL: it has waited since it was created.
	waiting_since   datetime2(6)   NULL,
	-- Written only when something goes wrong.
	attempts        smallint       NOT NULL DEFAULT (0),
	crashes         smallint       NOT NULL DEFAULT (0),
	first_failed_at datetime2(6)   NULL,
	next_attempt_at datetime2(6)   NULL,
	last_error      nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL,
	-- Tells which transactions have ended.
	version         rowversion     NOT NULL
);
CREATE INDEX event_key ON [${prefix}event] (event_key, seq);

-- Events that have come back to a place that the scans have passed.
CREATE TABLE [${prefix}returned] (
	number          bigint         IDENTITY(1, 1) NOT NULL PRIMARY KEY CLUSTERED,
	seq             bigint         NOT NULL,
	returned_at     datetime2(6)   NOT NULL
);

-- Events that are not due yet. They move to the first table when they are.
CREATE TABLE [${prefix}scheduled] (
	number          bigint         IDENTITY(1, 1) NOT NULL PRIMARY KEY CLUSTERED,
	deliver_at      datetime2(6)   NOT NULL,
	id              binary(16)     NOT NULL,
	part            smallint       NOT NULL,
	event_key       nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL CONSTRAINT ${prefix}scheduled_event_key CHECK (right(event_key, 1) <> N' '),
	aggregate_type  nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	aggregate_id    nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	event_type      nvarchar(700)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	event_version   int            NOT NULL,
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT ${prefix}scheduled_transport CHECK (right(transport, 1) <> N' '),
	destination     nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT ${prefix}scheduled_destination CHECK (right(destination, 1) <> N' '),
	options         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL CONSTRAINT ${prefix}scheduled_options CHECK (isjson(options) = 1 AND left(options, 1) = N'{'),
	content_type    nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	headers         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL CONSTRAINT ${prefix}scheduled_headers CHECK (isjson(headers) = 1 AND left(headers, 1) = N'{'),
	payload         varbinary(max) NOT NULL,
	created_at      datetime2(6)   NOT NULL DEFAULT (sysutcdatetime())
);
CREATE INDEX scheduled_due ON [${prefix}scheduled] (transport, part, deliver_at);

-- Locks of many rows must not become one of the table, which would keep writers off.
ALTER TABLE [${prefix}event] SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE [${prefix}scheduled] SET (LOCK_ESCALATION = DISABLE);

-- Events that were given up.
CREATE TABLE [${prefix}dead_letter] (
	number          bigint         IDENTITY(1, 1) NOT NULL PRIMARY KEY CLUSTERED,
	seq             bigint         NOT NULL,
	id              binary(16)     NOT NULL,
	part            smallint       NOT NULL,
	event_key       nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	aggregate_type  nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	aggregate_id    nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	event_type      nvarchar(700)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	event_version   int            NOT NULL,
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	destination     nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	options         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL,
	content_type    nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	headers         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL,
	payload         varbinary(max) NOT NULL,
	created_at      datetime2(6)   NOT NULL,
	attempts        smallint       NOT NULL,
	first_failed_at datetime2(6)   NULL,
	died_at         datetime2(6)   NOT NULL,
	error           nvarchar(max)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	-- The same for errors of the same cause.
	fingerprint     nvarchar(16)   COLLATE Latin1_General_100_BIN2 NOT NULL,
	stack_trace     nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL,
	-- When it is to be forwarded, if at all.
	forward_at      datetime2(6)   NULL,
	forward_attempts smallint      NOT NULL DEFAULT (0)
);
CREATE INDEX dead_letter_time ON [${prefix}dead_letter] (died_at);
CREATE INDEX dead_letter_event ON [${prefix}dead_letter] (id);
CREATE INDEX dead_letter_forward ON [${prefix}dead_letter] (forward_at);

-- Delivered events, if outbox.published.mode=archive.
CREATE TABLE [${prefix}archive] (
	number          bigint         IDENTITY(1, 1) NOT NULL PRIMARY KEY CLUSTERED,
	seq             bigint         NOT NULL,
	id              binary(16)     NOT NULL,
	part            smallint       NOT NULL,
	event_key       nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	aggregate_type  nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	aggregate_id    nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	event_type      nvarchar(700)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	event_version   int            NOT NULL,
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	destination     nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	options         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL,
	content_type    nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	headers         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL,
	payload         varbinary(max) NOT NULL,
	created_at      datetime2(6)   NOT NULL,
	archived_at     datetime2(6)   NOT NULL
);
CREATE INDEX archive_time ON [${prefix}archive] (archived_at);

-- How far events of the archive have been put back into the outbox, one row for each replay.
CREATE TABLE [${prefix}replay] (
	name            nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY CLUSTERED,
	selection       nvarchar(max)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	replayed_to     bigint         NOT NULL,
	last_number     bigint         NOT NULL,
	event_count     bigint         NOT NULL,
	started_at      datetime2(6)   NOT NULL DEFAULT (sysutcdatetime())
);

-- Keys that make sure that an event is stored once.
CREATE TABLE [${prefix}idempotency] (
	-- Longer than the key of a clustered index may be.
	idempotency_key nvarchar(700)  COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY NONCLUSTERED,
	id              binary(16)     NOT NULL,
	created_at      datetime2(6)   NOT NULL
);
CREATE INDEX idempotency_time ON [${prefix}idempotency] (created_at);

-- Relay instances with a lease.
CREATE TABLE [${prefix}instance] (
	id              binary(16)     NOT NULL PRIMARY KEY CLUSTERED,
	name            nvarchar(200)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	-- Names of transports, one in a line.
	transports      nvarchar(max)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	joined_at       datetime2(6)   NOT NULL,
	expires_at      datetime2(6)   NOT NULL
);

-- Which instance sends the events of a partition.
CREATE TABLE [${prefix}partition] (
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	part            smallint       NOT NULL,
	owner           binary(16)   NULL,
	epoch           bigint         NOT NULL DEFAULT (0),
	PRIMARY KEY CLUSTERED (transport, part)
);

-- Keys that wait for an operator because their head is a dead letter.
CREATE TABLE [${prefix}blocked_key] (
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	destination     nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	event_key       nvarchar(700)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	blocked_at      datetime2(6)   NOT NULL,
	-- The dead letter that blocks it. After a failover a number alone names no event.
	seq             bigint         NOT NULL,
	id              binary(16)     NOT NULL,
	-- All three together are longer than the key of an index may be.
	identity_hash   AS convert(binary(32), hashbytes('SHA2_256', concat(transport, nchar(10), destination, nchar(10), event_key))) PERSISTED NOT NULL,
	PRIMARY KEY CLUSTERED (identity_hash)
);
CREATE INDEX blocked_key_key ON [${prefix}blocked_key] (event_key);

-- Destinations that an operator has paused.
CREATE TABLE [${prefix}destination_state] (
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	destination     nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	paused_at       datetime2(6)   NOT NULL,
	paused_by       nvarchar(200)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	PRIMARY KEY CLUSTERED (transport, destination)
);

-- What operators have changed.
CREATE TABLE [${prefix}audit] (
	number          bigint         IDENTITY(1, 1) NOT NULL PRIMARY KEY CLUSTERED,
	happened_at     datetime2(6)   NOT NULL,
	operator        nvarchar(200)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	action          nvarchar(20)   COLLATE Latin1_General_100_BIN2 NOT NULL,
	transport       nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	destination     nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL,
	event_key       nvarchar(700)  COLLATE Latin1_General_100_BIN2 NULL,
	event_id        binary(16)     NULL,
	letter          bigint         NULL,
	detail          nvarchar(1000) COLLATE Latin1_General_100_BIN2 NULL
);
CREATE INDEX audit_time ON [${prefix}audit] (happened_at);

-- What is known of the backlog, in one row: one instance measures it for all.
CREATE TABLE [${prefix}backlog] (
	number          smallint       NOT NULL PRIMARY KEY CLUSTERED,
	claimed_at      datetime2(6)   NOT NULL,
	measured_at     datetime2(6)   NULL,
	content         nvarchar(max)  COLLATE Latin1_General_100_BIN2 NULL
);

-- What must be the same for all instances, and rows that are locked so that one instance at a time does something.
CREATE TABLE [${prefix}setting] (
	name            nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY CLUSTERED,
	value           nvarchar(250)  COLLATE Latin1_General_100_BIN2 NOT NULL
);
INSERT INTO [${prefix}setting] (name, value) VALUES (N'lock.partitions', N'-'), (N'lock.housekeeping', N'-');
INSERT INTO [${prefix}setting] (name, value) VALUES (N'schema.version', N'1');
