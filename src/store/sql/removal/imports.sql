SELECT path, sha256, keeps_former, updated
FROM raw_imports
WHERE batch = ?1
  AND removed_at_us IS NULL
ORDER BY rowid
