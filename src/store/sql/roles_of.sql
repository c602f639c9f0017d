SELECT role, batch
FROM raw_user_roles
WHERE user_id = ?1
