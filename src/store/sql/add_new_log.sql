INSERT INTO raw_usage_logs
    (id, user_code, action_code, format_code, quality_code, credits_nano, created_at_us, batch, metadata)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
