CREATE UNIQUE INDEX IF NOT EXISTS raw_usage_logs_id ON raw_usage_logs (id);
