SELECT code, name AS value
FROM raw_actions
ORDER BY code
