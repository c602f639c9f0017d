SELECT rowid, id, user_code, action_code, format_code, quality_code, credits_nano, created_at_us, batch, metadata
FROM raw_usage_logs
