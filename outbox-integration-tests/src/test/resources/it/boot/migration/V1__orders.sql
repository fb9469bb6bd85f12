CREATE TABLE orders (id varchar(100) PRIMARY KEY, number integer NOT NULL);
