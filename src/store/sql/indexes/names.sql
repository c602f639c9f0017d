-- Another program may have made more.
SELECT count(*) AS n_indexes
FROM sqlite_schema
WHERE type = 'index' AND tbl_name = 'raw_usage_logs' AND name IN (
    'raw_usage_logs_id',
    'idx_usage_logs_user_created',
    'idx_usage_logs_action',
    'idx_usage_logs_format_quality',
    'idx_usage_logs_created',
    'idx_usage_logs_credits'
)
