DELETE FROM raw_conflicts
WHERE batch = ?1
