SELECT rowid, credits_nano FROM raw_usage_logs NOT INDEXED
