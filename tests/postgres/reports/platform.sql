SELECT
  action,
  count(*) AS total_actions,
  count(DISTINCT user_id) AS unique_users,
  sum(credits_consumed) AS total_credits,
  round(sum(credits_consumed) * 1.000000000000000000000000000000 / count(*), 9) AS avg_credits
FROM usage_logs
WHERE created_at >= :'now'::timestamptz - interval '7 days'
GROUP BY action
ORDER BY total_credits DESC, action COLLATE "C"
