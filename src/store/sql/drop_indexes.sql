DROP INDEX IF EXISTS idx_usage_logs_user_created;
DROP INDEX IF EXISTS idx_usage_logs_action;
DROP INDEX IF EXISTS idx_usage_logs_format_quality;
DROP INDEX IF EXISTS idx_usage_logs_created;
DROP INDEX IF EXISTS idx_usage_logs_credits;
