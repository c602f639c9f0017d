-- Rows of every kind, the same at each run. The ids of the viewers are those of reports.rs.
SET timezone = 'UTC';
SELECT setseed(0.25) \g /dev/null

CREATE FUNCTION pick(options text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT options[1 + floor(random() * cardinality(options))::int]
$$;
CREATE FUNCTION person(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid
$$;

-- 1 admin · 2 moderator · 3 owner · 4 no rows · 5 Admin · 6 deleted · 7 role without profile
-- 8 deleted admin · 9 ADMIN · 10 administrator · 11 only tiny credits
INSERT INTO profiles VALUES
  (person(1), 'ada'), (person(2), 'Мария'), (person(3), 'owner, "the" one'), (person(4), 'idle'),
  (person(5), NULL), (person(9), ''), (person(10), 'ada'), (person(11), E'two\nlines');
INSERT INTO user_roles (user_id, role) VALUES
  (person(1), 'admin'), (person(1), 'user'), (person(2), 'moderator'), (person(2), 'user'),
  (person(3), 'user'), (person(4), 'user'), (person(5), 'Admin'), (person(7), 'user'),
  (person(8), 'admin'), (person(9), 'ADMIN'), (person(10), 'administrator'), (person(10), 'user');

INSERT INTO usage_logs
SELECT
  md5('row' || n)::uuid,
  person((ARRAY[1, 2, 3, 3, 3, 5, 6, 7, 8, 9, 10])[1 + floor(random() * 11)::int]),
  pick(ARRAY['image', 'Image', 'chat', 'video', 'ärger', '图像', 'a b', '', '=1+1', 'say "hi"', E'tab\there', '😀']),
  (ARRAY[
    round((random() * 10)::numeric, 3),
    round((random() * 100)::numeric, 2),
    trunc(random() * 1e9)::numeric * 1e-9,
    -round((random() * 5)::numeric, 1),
    1e-9, -1e-9, 0, 2.50,
    (trunc(random() * 9200000000)::numeric + trunc(random() * 1e9)::numeric * 1e-9) * (CASE WHEN random() < 0.5 THEN -1 ELSE 1 END)
  ])[1 + floor(random() * 9)::int],
  pick(ARRAY[
    NULL, NULL, '{}', '[]', 'null', 'true', '12.50', '"text"', '{"model": "sdxl", "n": 1}',
    '{"nested": {"deep": [1, 2.50, {"x": null}]}, "z": 1, "a": 2}',
    '{"escapes": "\" \\ / \b \f \n \r \t \u0001", "unicode": "Zoë 图 😀", "empty": ""}',
    '{"big": 12345678901234567890.123456789, "small": 1e-30, "": "no name"}'
  ])::jsonb,
  timestamptz '2024-12-20 00:00+00' + random() * interval '400 days',
  pick(ARRAY[NULL, NULL, '', 'image', 'Image', 'video', 'text', 'NULL', 'é']),
  pick(ARRAY[NULL, '', 'high', 'low', 'hd', 'High'])
FROM generate_series(1, 2500) n;

-- A thousandth of a thousandth of a thousandth: averages end at half of it, on both sides of zero.
INSERT INTO usage_logs
SELECT
  md5('tiny' || n)::uuid, person(11), pick(ARRAY['a', 'b', 'c', 'd']),
  (ARRAY[1e-9, -1e-9, 2e-9, -3e-9])[1 + floor(random() * 4)::int], NULL,
  timestamptz '2024-12-20 00:00+00' + random() * interval '400 days',
  pick(ARRAY['x', 'y']), pick(ARRAY['x', 'y'])
FROM generate_series(1, 300) n;

-- Twenty-four users and the owner with equal credits at all times: more than a ranking holds, by texts
-- whose order depends on the collation.
INSERT INTO usage_logs
SELECT
  md5('equal' || member || at || kind)::uuid, CASE member WHEN 0 THEN person(3) ELSE md5('member' || member)::uuid END,
  (ARRAY['tie', 'Tie', 'éclair', 'zebra'])[kind], 1.25, NULL, at,
  (ARRAY['a', 'B', 'é', 'a'])[kind], (ARRAY['x', 'x', 'x', 'X'])[kind]
FROM
  generate_series(0, 24) member,
  generate_series(timestamptz '2024-12-22 12:00+00', timestamptz '2026-01-20 12:00+00', interval '27 days') at,
  generate_series(1, 4) kind;
INSERT INTO profiles SELECT md5('member' || n)::uuid, 'member ' || n FROM generate_series(1, 12) n;
