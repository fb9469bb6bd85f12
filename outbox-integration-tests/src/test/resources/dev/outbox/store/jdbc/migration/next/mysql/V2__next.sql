-- A version of the schema that does not exist yet: what a later release might change.
ALTER TABLE `${prefix}event` ADD note varchar(100);
UPDATE `${prefix}setting` SET value = '2' WHERE name = 'schema.version';
