INSERT INTO raw_user_roles (user_id, role, batch)
VALUES (?1, ?2, ?3)
