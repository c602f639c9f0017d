SELECT
    batch, table_name, path, size_bytes, sha256, imported_at_us, format,
    rows_read, imported, updated, repeats, conflicts, rejected, removed_at_us
FROM raw_imports
WHERE (removed_at_us IS NOT NULL) = ?1
ORDER BY batch, rowid
