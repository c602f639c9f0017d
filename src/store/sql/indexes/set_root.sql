UPDATE sqlite_schema SET rootpage = ?2 WHERE type = 'index' AND name = ?1
