INSERT INTO raw_conflicts
    (batch, table_name, row, line, id, reason, raw, user_id, action, credits_nano, created_at_us, format, quality,
     metadata)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
