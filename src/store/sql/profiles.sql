SELECT user_id, username
FROM raw_profiles
