-- In the order of arrival, which is mostly that of time.
SELECT created_at_us, user_code, action_code, format_code, quality_code, credits_nano
FROM raw_usage_logs
ORDER BY rowid
