CREATE TABLE orders (
	id        text        PRIMARY KEY,
	customer  text        NOT NULL,
	item      text        NOT NULL,
	quantity  int         NOT NULL,
	placed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
