SELECT rowid, format_code, quality_code FROM raw_usage_logs NOT INDEXED
