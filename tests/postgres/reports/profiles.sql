SELECT
  it.user_id,
  p.username,
  (
    SELECT role
    FROM user_roles
    WHERE user_id = it.user_id
    ORDER BY array_position(ARRAY['admin', 'moderator', 'user'], role)
    LIMIT 1
  ) AS role,
  (SELECT count(*) FROM usage_logs WHERE user_id = it.user_id) AS rows,
  (SELECT coalesce(sum(credits_consumed), 0) FROM usage_logs WHERE user_id = it.user_id) AS credits
FROM (
  SELECT id AS user_id FROM profiles
  UNION
  SELECT user_id FROM user_roles
  UNION
  SELECT user_id FROM usage_logs
) it
LEFT JOIN profiles p ON p.id = it.user_id
ORDER BY it.user_id
