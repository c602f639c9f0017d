SELECT
  sum(credits_consumed) AS total_credits_consumed,
  count(*) AS total_actions,
  round(sum(credits_consumed) * 1.000000000000000000000000000000 / count(*), 9) AS avg_credits_per_action
FROM usage_logs
WHERE :own AND created_at >= :'now'::timestamptz - interval '30 days'
