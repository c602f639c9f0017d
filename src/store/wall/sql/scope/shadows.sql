-- SQLite does not ask the authorizer about the columns of NATURAL JOIN and USING, which tell by a count
-- whether a hidden row has some value. So the names of the file's tables lead here instead.
CREATE TEMP VIEW raw_users AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_actions AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_formats AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_qualities AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_usage_logs AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_profiles AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_user_roles AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_imports AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_rejects AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_conflicts AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_repeats AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_former_logs AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_former_states AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_column_segments AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_column_state AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW raw_metadata_segments AS SELECT NULL AS hidden WHERE FALSE;
CREATE TEMP VIEW usage_logs_readable AS SELECT NULL AS hidden WHERE FALSE;

-- The same for SQLite's own statistics, which count hidden rows: an empty set of them comes first.
ANALYZE temp;
