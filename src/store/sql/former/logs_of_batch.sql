-- Of one row the last change first.
SELECT former.id, former.nth
FROM raw_former_logs AS former
JOIN raw_usage_logs AS log ON log.id = former.id
WHERE former.batch = ?1
  AND log.batch <> ?1
ORDER BY former.id, former.nth DESC
