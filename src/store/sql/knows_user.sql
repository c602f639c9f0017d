SELECT
    EXISTS (SELECT 1 FROM raw_profiles WHERE user_id = ?1)
    OR EXISTS (SELECT 1 FROM raw_user_roles WHERE user_id = ?1)
    OR EXISTS (
        SELECT 1 FROM raw_usage_logs WHERE user_code = (SELECT code FROM raw_users WHERE id = ?1)
    ) AS is_known
