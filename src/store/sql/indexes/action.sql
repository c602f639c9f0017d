SELECT rowid, action_code, created_at_us FROM raw_usage_logs NOT INDEXED
