CREATE TABLE orders (id varchar(100) PRIMARY KEY, quantity integer NOT NULL);
