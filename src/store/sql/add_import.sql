INSERT INTO raw_imports
    (batch, table_name, path, size_bytes, sha256, imported_at_us, format,
     rows_read, imported, updated, repeats, conflicts, rejected, keeps_former)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1)
