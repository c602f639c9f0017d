SELECT code, name AS value
FROM raw_qualities
ORDER BY code
