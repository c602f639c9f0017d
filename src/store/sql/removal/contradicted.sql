SELECT conflict.batch AS batch, count(DISTINCT conflict.id) AS rows
FROM raw_conflicts AS conflict
JOIN raw_usage_logs AS log ON log.id = conflict.id
WHERE conflict.table_name = 'usage_logs'
  AND conflict.batch <> ?1
  AND log.batch = ?1
GROUP BY conflict.batch
ORDER BY conflict.batch
