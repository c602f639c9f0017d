INSERT INTO raw_profiles (user_id, username, batch)
VALUES (?1, ?2, ?3)
ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, batch = excluded.batch
