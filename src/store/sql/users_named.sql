SELECT user_id
FROM raw_profiles
WHERE username = ?1
ORDER BY user_id
