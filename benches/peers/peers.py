"""The peers: DuckDB, SQLite's shell and PostgreSQL, each told the same work in its own words."""

import json
import os
import shutil
import sys
from decimal import Decimal

from measure import Run, timed

TYPES = {
    "id": "UUID", "user_id": "UUID", "action": "VARCHAR", "credits_consumed": "DECIMAL(18,9)", "metadata": "VARCHAR",
    "created_at": "TIMESTAMPTZ", "format": "VARCHAR", "quality": "VARCHAR",
}
INDEXES = """
CREATE UNIQUE INDEX usage_logs_id ON usage_logs (id);
CREATE INDEX idx_user ON usage_logs (user_id, created_at DESC);
CREATE INDEX idx_action ON usage_logs (action, created_at DESC);
CREATE INDEX idx_format_quality ON usage_logs (format, quality);
CREATE INDEX idx_created ON usage_logs (created_at DESC);
CREATE INDEX idx_credits ON usage_logs (credits_consumed DESC);
"""


def has_duckdb():
    try:
        import duckdb  # noqa: F401
    except ImportError:
        return False
    return True


# ---- imports ------------------------------------------------------------------------------------


def duckdb_import(dump, people, database):
    """Seconds, without an index, and as a checkpoint leaves it: the rows are in the file. It begins when it is loaded."""
    drop(database)
    columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
    if dump.format == "csv":
        read = f"COPY usage_logs FROM '{dump.path}' (HEADER)"
    else:
        types = {**TYPES, "metadata": "JSON"}
        read = f"INSERT INTO usage_logs SELECT * FROM read_json('{dump.path}', format = 'nd', columns = {types})"
    script = f"""
import duckdb, time
began = time.perf_counter()
db = duckdb.connect({database!r})
db.execute("SET threads = 2; SET TimeZone = 'UTC'; SET enable_progress_bar = false")
db.execute({f"CREATE TABLE usage_logs ({columns})"!r})
db.execute({read!r})
db.execute("CHECKPOINT")
print(time.perf_counter() - began)
db.execute("CREATE TABLE profiles AS SELECT id::UUID AS user_id, username FROM read_csv('{people[0]}', header = true, all_varchar = true)")
db.execute("CHECKPOINT")
"""
    return float(Run([sys.executable, "-c", script]).out)


def sqlite_import(dump, database):
    """Its shell, tuned: no journal, no sync, a large cache, indexes last."""
    drop(database)
    script = f"""
PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -262144; PRAGMA temp_store = memory;
PRAGMA locking_mode = exclusive; PRAGMA threads = 2;
CREATE TABLE usage_logs (
    id TEXT NOT NULL, user_id TEXT NOT NULL, action TEXT NOT NULL, credits_consumed NUMERIC NOT NULL, metadata TEXT,
    created_at TEXT NOT NULL, format TEXT, quality TEXT
);
.mode csv
.import --skip 1 {dump.path} usage_logs
{INDEXES}
"""
    return timed([shutil.which("sqlite3"), database], script)


def postgres_import(dump, url):
    """COPY into a table without index, then the indexes, in the database that `url` names."""
    columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
    columns = columns.replace("DECIMAL", "numeric").replace("VARCHAR", "text").replace("metadata text", "metadata jsonb")
    script = f"""
DROP TABLE IF EXISTS usage_logs; CREATE TABLE usage_logs ({columns});
\\copy usage_logs FROM '{dump.path}' csv header
{INDEXES}
"""
    return timed([shutil.which("psql"), "-qX", "-v", "ON_ERROR_STOP=1", url], script)


def drop(database):
    for name in (database, database + ".wal", database + "-wal", database + "-shm"):
        if os.path.exists(name):
            os.remove(name)


# ---- the eight reports ---------------------------------------------------------------------------

LOCAL = "created_at AT TIME ZONE $zone"
SINCE = "created_at >= (($now::TIMESTAMPTZ AT TIME ZONE $zone) - INTERVAL {days} DAY) AT TIME ZONE $zone"
# By name: the columns, whose rows, for how many days, and the rest. Averages are worked out from sum and
# count afterwards, because DuckDB's own are floating-point numbers.
REPORTS = {
    "history": ("*", "own", None, "ORDER BY usage_logs.created_at DESC, id LIMIT 100"),
    "summary": ("sum(credits_consumed) AS total_credits_consumed, count(*) AS total_actions", "own", 30, ""),
    "by-action": (
        "action, count(*) AS action_count, sum(credits_consumed) AS total_credits", "own", 30,
        "GROUP BY action ORDER BY total_credits DESC, action",
    ),
    "by-format-quality": (
        "format, quality, count(*) AS usage_count, sum(credits_consumed) AS total_credits", "own", None,
        "AND format IS NOT NULL AND quality IS NOT NULL GROUP BY ALL ORDER BY total_credits DESC, format, quality",
    ),
    "daily": (
        f"({LOCAL})::DATE AS day, count(*) AS daily_actions, sum(credits_consumed) AS daily_credits", "own", 30,
        "GROUP BY day ORDER BY day DESC",
    ),
    "platform": (
        "action, count(*) AS total_actions, count(DISTINCT user_id) AS unique_users, sum(credits_consumed) AS total_credits",
        "all", 7, "GROUP BY action ORDER BY total_credits DESC, action",
    ),
    "ranking": (
        "user_id, any_value(username) AS username, sum(credits_consumed) AS total_credits, count(*) AS total_actions",
        "all", 30, "GROUP BY user_id ORDER BY total_credits DESC, user_id LIMIT 20",
    ),
    "weekly": (
        f"date_trunc('week', {LOCAL})::DATE AS week, action, count(*) AS weekly_actions, "
        "sum(credits_consumed) AS weekly_credits",
        "all", 84, "GROUP BY ALL ORDER BY week DESC, weekly_credits DESC, action",
    ),
}


def sql(name, of_all):
    columns, whose, days, rest = REPORTS[name]
    where = ["true"]
    if whose == "own" and not of_all:
        where.append("user_id = $user")
    if days:
        where.append(SINCE.format(days=days))
    source = "usage_logs LEFT JOIN profiles USING (user_id)" if name == "ranking" else "usage_logs"
    return f"SELECT {columns} FROM {source} WHERE {' AND '.join(where)} {rest}"


# Everything that is asked of DuckDB is asked in one process of its own, which prints milliseconds and answers.
ASK = """
import duckdb, json, sys, time
database, threads, repeat, asked = json.load(sys.stdin)
began = time.perf_counter()
db = duckdb.connect(database, read_only=True)
db.execute(f"SET threads = {threads}; SET TimeZone = 'UTC'; SET enable_progress_bar = false")
opened = (time.perf_counter() - began) * 1e3
for name, query, values in asked:
    values = {key: value for key, value in values.items() if "$" + key in query}
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        rows = db.execute(query, values).fetchall()
        times.append((time.perf_counter() - began) * 1e3)
    names = [it[0] for it in db.description]
    print(json.dumps([name, opened, times, [dict(zip(names, map(str, row))) for row in rows]]))
"""


def duckdb_ask(database, asked, threads=2, repeat=21):
    """By name: milliseconds of opening, of each run, and the rows as texts."""
    run = timed([sys.executable, "-c", ASK], json.dumps([database, threads, repeat, asked]))
    return {name: (opened, times, rows) for name, opened, times, rows in map(json.loads, run.out.splitlines())}


def same_answer(ours, theirs):
    """Whether two answers are equal, cell by cell; averages are those of sum and count."""
    if len(ours) != len(theirs):
        return False
    return all(same(row[name], value) for row, other in zip(ours, theirs) for name, value in other.items())


def same(ours, theirs):
    if ours is None or theirs == "None":
        return ours is None and theirs == "None"
    if isinstance(ours, (int, Decimal)):
        return Decimal(ours) == Decimal(theirs)
    if isinstance(ours, dict):
        return ours == json.loads(theirs, parse_float=Decimal)
    return str(ours) == theirs or instant(str(ours)) == instant(theirs)


def instant(text):
    import datetime

    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
