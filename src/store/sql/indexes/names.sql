-- Another program may have made more.
SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'raw_usage_logs'
