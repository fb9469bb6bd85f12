-- The tables of the outbox on MariaDB 10.6 and newer. All times are in UTC. The collation tells all texts apart that differ.

-- Events that wait to be delivered. A row is deleted (or archived) when the broker has acknowledged it.
CREATE TABLE IF NOT EXISTS `outbox_event` (
	-- The order of the events of one key: a number is taken while the writer holds its row lock.
	seq             bigint        NOT NULL AUTO_INCREMENT PRIMARY KEY,
	id              binary(16)    NOT NULL,
	part            smallint      NOT NULL,
	event_key       varchar(700) CHECK (event_key <> ''),
	aggregate_type  varchar(700),
	aggregate_id    varchar(700),
	event_type      varchar(700)  NOT NULL,
	event_version   int           NOT NULL,
	transport       varchar(100)  NOT NULL CHECK (trim(transport) <> ''),
	destination     varchar(250)  NOT NULL CHECK (trim(destination) <> ''),
	options         longtext CHECK (json_type(options) = 'OBJECT'),
	content_type    varchar(250)  NOT NULL,
	headers         longtext CHECK (json_type(headers) = 'OBJECT'),
	payload         longblob      NOT NULL,
	created_at      datetime(6)   NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
	-- When it became due or was put back. NULL: it has waited since it was created.
	waiting_since   datetime(6),
	-- Written only when something goes wrong.
	attempts        smallint      NOT NULL DEFAULT 0,
	crashes         smallint      NOT NULL DEFAULT 0,
	first_failed_at datetime(6),
	next_attempt_at datetime(6),
	last_error      text,
	KEY event_key (event_key, seq)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Events that have come back to a place that the scans have passed.
CREATE TABLE IF NOT EXISTS `outbox_returned` (
	number          bigint        NOT NULL AUTO_INCREMENT PRIMARY KEY,
	seq             bigint        NOT NULL,
	returned_at     datetime(6)   NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Events that are not due yet. They move to the first table when they are.
CREATE TABLE IF NOT EXISTS `outbox_scheduled` (
	number          bigint        NOT NULL AUTO_INCREMENT PRIMARY KEY,
	deliver_at      datetime(6)   NOT NULL,
	id              binary(16)    NOT NULL,
	part            smallint      NOT NULL,
	event_key       varchar(700) CHECK (event_key <> ''),
	aggregate_type  varchar(700),
	aggregate_id    varchar(700),
	event_type      varchar(700)  NOT NULL,
	event_version   int           NOT NULL,
	transport       varchar(100)  NOT NULL CHECK (trim(transport) <> ''),
	destination     varchar(250)  NOT NULL CHECK (trim(destination) <> ''),
	options         longtext CHECK (json_type(options) = 'OBJECT'),
	content_type    varchar(250)  NOT NULL,
	headers         longtext CHECK (json_type(headers) = 'OBJECT'),
	payload         longblob      NOT NULL,
	created_at      datetime(6)   NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
	KEY scheduled_due (transport, part, deliver_at, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Events that were given up.
CREATE TABLE IF NOT EXISTS `outbox_dead_letter` (
	number          bigint        NOT NULL AUTO_INCREMENT PRIMARY KEY,
	seq             bigint        NOT NULL,
	id              binary(16)    NOT NULL,
	part            smallint      NOT NULL,
	event_key       varchar(700),
	aggregate_type  varchar(700),
	aggregate_id    varchar(700),
	event_type      varchar(700)  NOT NULL,
	event_version   int           NOT NULL,
	transport       varchar(100)  NOT NULL,
	destination     varchar(250)  NOT NULL,
	options         longtext,
	content_type    varchar(250)  NOT NULL,
	headers         longtext,
	payload         longblob      NOT NULL,
	created_at      datetime(6)   NOT NULL,
	attempts        smallint      NOT NULL,
	first_failed_at datetime(6),
	died_at         datetime(6)   NOT NULL,
	error           text          NOT NULL,
	-- The same for errors of the same cause.
	fingerprint     varchar(16)   NOT NULL,
	stack_trace     text,
	-- When it is to be forwarded, if at all.
	forward_at      datetime(6),
	forward_attempts smallint     NOT NULL DEFAULT 0,
	KEY dead_letter_time (died_at),
	KEY dead_letter_event (id),
	KEY dead_letter_forward (forward_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Delivered events, if outbox.published.mode=archive.
CREATE TABLE IF NOT EXISTS `outbox_archive` (
	number          bigint        NOT NULL AUTO_INCREMENT PRIMARY KEY,
	seq             bigint        NOT NULL,
	id              binary(16)    NOT NULL,
	part            smallint      NOT NULL,
	event_key       varchar(700),
	aggregate_type  varchar(700),
	aggregate_id    varchar(700),
	event_type      varchar(700)  NOT NULL,
	event_version   int           NOT NULL,
	transport       varchar(100)  NOT NULL,
	destination     varchar(250)  NOT NULL,
	options         longtext,
	content_type    varchar(250)  NOT NULL,
	headers         longtext,
	payload         longblob      NOT NULL,
	created_at      datetime(6)   NOT NULL,
	archived_at     datetime(6)   NOT NULL,
	KEY archive_time (archived_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- How far events of the archive have been put back into the outbox, one row for each replay.
CREATE TABLE IF NOT EXISTS `outbox_replay` (
	name            varchar(100)  NOT NULL PRIMARY KEY,
	selection       text          NOT NULL,
	replayed_to     bigint        NOT NULL,
	last_number     bigint        NOT NULL,
	event_count     bigint        NOT NULL,
	started_at      datetime(6)   NOT NULL DEFAULT (UTC_TIMESTAMP(6))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Keys that make sure that an event is stored once.
CREATE TABLE IF NOT EXISTS `outbox_idempotency` (
	idempotency_key varchar(700)  NOT NULL PRIMARY KEY,
	id              binary(16)    NOT NULL,
	created_at      datetime(6)   NOT NULL,
	KEY idempotency_time (created_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Relay instances with a lease.
CREATE TABLE IF NOT EXISTS `outbox_instance` (
	id              binary(16)    NOT NULL PRIMARY KEY,
	name            varchar(200)  NOT NULL,
	-- Names of transports, one in a line.
	transports      text          NOT NULL,
	joined_at       datetime(6)   NOT NULL,
	expires_at      datetime(6)   NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Which instance sends the events of a partition.
CREATE TABLE IF NOT EXISTS `outbox_partition` (
	transport       varchar(100)  NOT NULL,
	part            smallint      NOT NULL,
	owner           binary(16),
	epoch           bigint        NOT NULL DEFAULT 0,
	PRIMARY KEY (transport, part)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Keys that wait for an operator because their head is a dead letter.
CREATE TABLE IF NOT EXISTS `outbox_blocked_key` (
	number          bigint        NOT NULL AUTO_INCREMENT PRIMARY KEY,
	transport       varchar(100)  NOT NULL,
	destination     varchar(250)  NOT NULL,
	event_key       varchar(700)  NOT NULL,
	blocked_at      datetime(6)   NOT NULL,
	-- The dead letter that blocks it. After a failover a number alone names no event.
	seq             bigint        NOT NULL,
	id              binary(16)    NOT NULL,
	-- All three together are longer than an index may be.
	identity        binary(32)    AS (unhex(sha2(concat_ws('\n', transport, destination, event_key), 256))) STORED,
	UNIQUE KEY blocked_key_identity (identity),
	KEY blocked_key_key (event_key)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Destinations that an operator has paused.
CREATE TABLE IF NOT EXISTS `outbox_destination_state` (
	transport       varchar(100)  NOT NULL,
	destination     varchar(250)  NOT NULL,
	paused_at       datetime(6)   NOT NULL,
	paused_by       varchar(200)  NOT NULL,
	PRIMARY KEY (transport, destination)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What operators have changed.
CREATE TABLE IF NOT EXISTS `outbox_audit` (
	number          bigint        NOT NULL AUTO_INCREMENT PRIMARY KEY,
	happened_at     datetime(6)   NOT NULL,
	operator        varchar(200)  NOT NULL,
	action          varchar(20)   NOT NULL,
	transport       varchar(100)  NOT NULL,
	destination     varchar(250)  NOT NULL,
	event_key       varchar(700),
	event_id        binary(16),
	letter          bigint,
	detail          varchar(1000),
	KEY audit_time (happened_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What is known of the backlog, in one row: one instance measures it for all.
CREATE TABLE IF NOT EXISTS `outbox_backlog` (
	number          smallint      NOT NULL PRIMARY KEY,
	claimed_at      datetime(6)   NOT NULL,
	measured_at     datetime(6),
	content         longtext
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What must be the same for all instances, and rows that are locked so that one instance at a time does something.
CREATE TABLE IF NOT EXISTS `outbox_setting` (
	name            varchar(100)  NOT NULL PRIMARY KEY,
	value           varchar(250)  NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
INSERT IGNORE INTO `outbox_setting` (name, value) VALUES ('lock.partitions', ''), ('lock.housekeeping', '');
INSERT IGNORE INTO `outbox_setting` (name, value) VALUES ('schema.version', '1');
