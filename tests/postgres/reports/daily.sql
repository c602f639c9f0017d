SELECT
  date_trunc('day', created_at)::date AS day,
  count(*) AS daily_actions,
  sum(credits_consumed) AS daily_credits
FROM usage_logs
WHERE :own AND created_at >= :'now'::timestamptz - interval '30 days'
GROUP BY date_trunc('day', created_at)
ORDER BY date_trunc('day', created_at) DESC
