-- For PostgreSQL, MySQL and MariaDB. Times are in UTC. The default keeps old MariaDBs from changing a time with its row.
CREATE TABLE orders (
	id        varchar(36)  PRIMARY KEY,
	customer  varchar(100) NOT NULL,
	item      varchar(100) NOT NULL,
	quantity  int          NOT NULL,
	status    varchar(20)  NOT NULL,
	placed_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);
