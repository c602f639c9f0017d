SELECT count(*) AS n_indexes FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'raw_usage_logs'
