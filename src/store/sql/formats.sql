SELECT code, name AS value
FROM raw_formats
ORDER BY code
