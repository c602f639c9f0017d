SELECT
  date_trunc('week', created_at)::date AS week,
  action,
  count(*) AS weekly_actions,
  sum(credits_consumed) AS weekly_credits
FROM usage_logs
WHERE created_at >= :'now'::timestamptz - interval '12 weeks'
GROUP BY date_trunc('week', created_at), action
ORDER BY date_trunc('week', created_at) DESC, weekly_credits DESC, action COLLATE "C"
