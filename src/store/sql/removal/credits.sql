SELECT credits_nano
FROM raw_usage_logs
WHERE batch = ?1
