DELETE FROM raw_profiles
WHERE user_id = ?1
