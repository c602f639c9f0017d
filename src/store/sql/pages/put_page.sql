INSERT INTO sqlite_dbpage (pgno, data) VALUES (?1, ?2)
