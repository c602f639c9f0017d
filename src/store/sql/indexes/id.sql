SELECT rowid, id FROM raw_usage_logs NOT INDEXED
