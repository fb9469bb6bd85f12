-- Rows that are older than what the broker may deliver again can be deleted.
-- tag::table[]
-- For PostgreSQL, MySQL and MariaDB.
CREATE TABLE consumed_event (
	id          varchar(36)  PRIMARY KEY,
	consumed_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);
-- end::table[]
