-- The codes behind the values that a list is filtered by.
CREATE TEMP VIEW {prefix}users AS
SELECT code, id AS value
FROM {schema}.raw_users;

CREATE TEMP VIEW {prefix}actions AS
SELECT code, name AS value
FROM {schema}.raw_actions;

CREATE TEMP VIEW {prefix}formats AS
SELECT code, name AS value
FROM {schema}.raw_formats;

CREATE TEMP VIEW {prefix}qualities AS
SELECT code, name AS value
FROM {schema}.raw_qualities;
