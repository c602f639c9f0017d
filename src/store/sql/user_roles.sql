SELECT user_id, role
FROM raw_user_roles
ORDER BY user_id, role
