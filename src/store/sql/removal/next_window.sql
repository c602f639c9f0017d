-- The last of the next ?2 rows, and how many there are. By counting, since rowids may have gaps of any size.
SELECT max(number) AS last, count(*) AS rows
FROM (
    SELECT rowid AS number
    FROM raw_usage_logs
    WHERE rowid > ?1
    ORDER BY rowid
    LIMIT ?2
)
