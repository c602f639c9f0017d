INSERT INTO raw_conflicts (batch, table_name, row, line, id, reason, raw)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
