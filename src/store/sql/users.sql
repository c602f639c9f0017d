SELECT code, id AS value
FROM raw_users
ORDER BY code
