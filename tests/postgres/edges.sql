-- Rows at the edges of days, weeks and windows, in the zone that the session has; all within a
-- microsecond, and at the hour on either side, which a doubled or a skipped hour tells apart.
INSERT INTO usage_logs
SELECT
  md5(current_setting('timezone') || edge || after)::uuid,
  person((ARRAY[1, 2, 3, 11, 5, 6])[1 + (row_number() OVER (ORDER BY edge, after) % 6)::int]),
  'edge', row_number() OVER (ORDER BY edge, after) * 0.001, NULL,
  edge + after, 'edge', 'edge'
FROM (
  SELECT day::timestamptz AS edge
  FROM generate_series(timestamp '2024-12-23', timestamp '2026-01-19', interval '7 days') day
  UNION
  SELECT day::timestamptz
  FROM unnest(ARRAY[
    '2025-03-09', '2025-03-10', '2025-03-30', '2025-03-31', '2025-10-26', '2025-10-27', '2025-11-02',
    '2025-11-03', '2024-12-31', '2025-01-01', '2026-01-01'
  ]::timestamp[]) day
  UNION
  SELECT now - span
  FROM unnest(:'nows'::timestamptz[]) now, unnest(ARRAY['7 days', '30 days', '12 weeks']::interval[]) span
) edges,
unnest(ARRAY['-1 hour', '-1 microsecond', '0', '1 microsecond', '1 hour']::interval[]) after;
