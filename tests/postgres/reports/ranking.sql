SELECT
  ul.user_id,
  p.username,
  sum(ul.credits_consumed) AS total_credits,
  count(*) AS total_actions
FROM usage_logs ul
LEFT JOIN profiles p ON p.id = ul.user_id
WHERE ul.created_at >= :'now'::timestamptz - interval '30 days'
GROUP BY ul.user_id, p.username
ORDER BY total_credits DESC, ul.user_id
LIMIT 20
