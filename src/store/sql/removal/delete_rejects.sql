DELETE FROM raw_rejects
WHERE batch = ?1
