-- Some rows in the order of arrival, which is mostly that of time.
SELECT rowid AS row, created_at_us, metadata
FROM raw_usage_logs
WHERE ?1 <= rowid
ORDER BY rowid
LIMIT ?2
