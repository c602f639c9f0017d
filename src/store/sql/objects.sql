-- Everything in the file that could change what a question means. `sqlite_*` is SQLite's own.
SELECT type, name, sql
FROM main.sqlite_schema
WHERE type IN ('table', 'view', 'trigger')
  AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY type, name
