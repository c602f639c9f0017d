SELECT
    batch, table_name, path, size_bytes, sha256, imported_at_us, format,
    rows_read, imported, updated, repeats, conflicts, rejected
FROM raw_imports
ORDER BY batch, rowid
