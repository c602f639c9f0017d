SELECT username, batch
FROM raw_profiles
WHERE user_id = ?1
