-- As the migrations leave them, a line each; a test compares.
CREATE UNIQUE INDEX IF NOT EXISTS raw_usage_logs_id ON raw_usage_logs (id);
CREATE INDEX IF NOT EXISTS idx_usage_logs_user_created ON raw_usage_logs (user_code, created_at_us DESC);
CREATE INDEX IF NOT EXISTS idx_usage_logs_action ON raw_usage_logs (action_code, created_at_us DESC);
CREATE INDEX IF NOT EXISTS idx_usage_logs_format_quality ON raw_usage_logs (format_code, quality_code);
CREATE INDEX IF NOT EXISTS idx_usage_logs_created ON raw_usage_logs (created_at_us DESC);
CREATE INDEX IF NOT EXISTS idx_usage_logs_credits ON raw_usage_logs (credits_nano DESC);
