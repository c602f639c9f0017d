SELECT count(*) AS rows
FROM raw_usage_logs
