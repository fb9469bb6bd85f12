CREATE TABLE orders (id text PRIMARY KEY, number integer NOT NULL);
