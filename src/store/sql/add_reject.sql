INSERT INTO raw_rejects (batch, table_name, row, line, column_name, reason, raw)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
