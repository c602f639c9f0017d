DROP INDEX IF EXISTS raw_usage_logs_id
