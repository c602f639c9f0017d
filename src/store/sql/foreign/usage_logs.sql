-- The columns are those of another program, so they cannot be named.
SELECT *
FROM main.usage_logs
