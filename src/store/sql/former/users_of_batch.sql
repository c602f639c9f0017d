SELECT user_id FROM raw_former_states WHERE kind = ?1 AND ?2 IN (batch, former_batch)
UNION
SELECT user_id FROM raw_profiles WHERE ?1 = 'username' AND batch = ?2
UNION
SELECT user_id FROM raw_user_roles WHERE ?1 = 'roles' AND batch = ?2
