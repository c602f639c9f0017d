"""Measures creditscope beside DuckDB, SQLite's shell and PostgreSQL, on the same dumps, in one run.

    cargo build --release
    python3 -m pip install duckdb
    python3 benches/peers --rows 1000000

A peer that is not installed is left out. Answers are compared before their times are told, and an answer
that differs ends the run. What it prints is Markdown, as it stands in docs/SPEED.md.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
from decimal import Decimal

import data
import peers
from measure import Run, forget, spread, timed

TIMING = re.compile(r"^timing (.*)$", re.MULTILINE)


def main():
    options = arguments()
    folder = options.folder or tempfile.mkdtemp(prefix="creditscope-peers-")
    os.makedirs(folder, exist_ok=True)
    bench = Bench(options, folder)
    bench.head()
    try:
        for part in options.parts:
            getattr(bench, part)()
    finally:
        if not options.folder:
            shutil.rmtree(folder)


def arguments():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(prog="benches/peers", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--order", choices=["time", "shuffled"], default="time")
    parser.add_argument("--metadata", choices=["short", "long"], default="short")
    parser.add_argument("--repeat", type=int, default=21, help="runs of a report, of which the median is told")
    parser.add_argument("--rounds", type=int, default=3, help="runs of an import, ours and the peers' in turn")
    parser.add_argument("--parts", nargs="+", choices=["imports", "ndjson", "reports", "cold"],
                        default=["imports", "ndjson", "reports", "cold"])
    parser.add_argument("--folder", help="where dumps and databases stay; else a temporary one")
    parser.add_argument("--binary", default=os.path.join(root, "target", "release", "creditscope"))
    parser.add_argument("--postgres", metavar="URL", help="a database of PostgreSQL's, whose usage_logs is replaced")
    return parser.parse_args()


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.database = os.path.join(folder, f"bench-{options.rows}.creditscope")
        self.duck = os.path.join(folder, f"bench-{options.rows}.duckdb")
        self.people = data.make_people(folder)

    def head(self):
        options = self.options
        with open("/proc/cpuinfo") as file:
            cpu = next((it.split(":")[1].strip() for it in file if it.startswith("model name")), platform.machine())
        versions = [Run([options.binary, "--version"]).out.strip(), f"Python {platform.python_version()}"]
        if peers.has_duckdb():
            import duckdb

            versions.append(f"DuckDB {duckdb.__version__}")
        if shutil.which("sqlite3"):
            versions.append("sqlite3 " + Run(["sqlite3", "--version"]).out.split()[0])
        print(f"{os.cpu_count()} cores of {cpu}; load {os.getloadavg()[0]:.1f}; {', '.join(versions)}.")
        print(f"{options.rows:,} rows, {options.order} order, {options.metadata} metadata.\n")

    # ---- imports --------------------------------------------------------------------------------

    def imports(self):
        """The CSV dump, and the same once more."""
        dump = self.dump("csv")
        runs = {"charts": [], "indexed": [], "again": [], "duckdb": [], "sqlite3": [], "postgres": []}
        for _ in range(self.options.rounds):
            peers.drop(self.database)
            ours = self.ours_import(dump)
            runs["charts"].append(ours.charts)
            runs["indexed"].append(ours.wall)
            runs["again"].append(self.ours_import(dump).wall)
            if peers.has_duckdb():
                runs["duckdb"].append(peers.duckdb_import(dump, self.people, self.duck))
            if shutil.which("sqlite3"):
                shell = os.path.join(self.folder, "bench.sqlite")
                runs["sqlite3"].append(peers.sqlite_import(dump, shell).wall)
                peers.drop(shell)
            if self.options.postgres:
                runs["postgres"].append(peers.postgres_import(dump, self.options.postgres).wall)
        table("import of CSV, s: median (least–most)", [
            ("rows and columns committed, charts possible", runs["charts"], "DuckDB COPY, no index", runs["duckdb"]),
            ("the same, all indexes made", runs["indexed"], "sqlite3 .import, tuned, same indexes", runs["sqlite3"]),
            ("the same, all indexes made", runs["indexed"], "PostgreSQL COPY, same indexes", runs["postgres"]),
            ("the same dump again: all repeats", runs["again"], "the first import, indexed", runs["indexed"]),
        ])
        size = os.path.getsize(self.database) / 1e6
        print(f"Most memory of our import: {ours.peak_mb:,.0f} MB; the file: {size:,.0f} MB.\n")

    def ndjson(self):
        dump = self.dump("ndjson")
        ours, duck = [], []
        database, duckdb = self.database + ".ndjson", self.duck + ".ndjson"
        for _ in range(self.options.rounds):
            peers.drop(database)
            ours.append(self.ours_import(dump, database).charts)
            if peers.has_duckdb():
                duck.append(peers.duckdb_import(dump, self.people, duckdb))
        peers.drop(database)
        peers.drop(duckdb)
        table("import of NDJSON, s: median (least–most)", [("charts possible", ours, "DuckDB read_json, no index", duck)])

    def ours_import(self, dump, database=None):
        command = [self.options.binary, "import", dump.path, "--db", database or self.database, "--timings"]
        run = timed(command)
        run.charts = timings(run)[-1]["charts_ms"] / 1e3
        return run

    def dump(self, format):
        options = self.options
        return data.Dump(self.folder, options.rows, format, options.order, options.metadata).make()

    # ---- reports --------------------------------------------------------------------------------

    def reports(self):
        """The eight, warm, for an admin who owns a tenth of the rows: those of his own, and of all."""
        self.ready()
        user = data.users_once()[0]
        for whose, of_all in [("own rows where the report is about own rows", False), ("`--of all`", True)]:
            values = {"user": user, "now": self.now(), "zone": "UTC"}
            asked = [(name, peers.sql(name, of_all), values) for name in peers.REPORTS]
            theirs = peers.duckdb_ask(self.duck, asked, repeat=self.options.repeat)
            rows = []
            for name in peers.REPORTS:
                answer, run = self.report(name, of_all, self.options.repeat)
                _, times, expected = theirs[name]
                if not peers.same_answer(answer, expected):
                    sys.exit(f"{name}: the answers differ\nours:   {answer[:3]}\nDuckDB: {expected[:3]}")
                rows.append((name, [it["answer_ms"] for it in timings(run)], "DuckDB", times))
            table(f"reports, {whose}; ms, median (least–most) of {self.options.repeat}, answers equal", rows, total=True)

    def cold(self):
        """One report by one process, its file not in memory; DuckDB's begins when it is loaded."""
        self.ready()
        values = {"now": self.now(), "zone": "UTC"}
        rows = []
        for name in ("platform", "ranking", "weekly"):
            ours, theirs = [], []
            for _ in range(self.options.rounds):
                forget(self.database)
                ours.append(self.report(name, True)[1].wall * 1e3)
                forget(self.duck)
                opened, times, _ = peers.duckdb_ask(self.duck, [(name, peers.sql(name, True), values)], repeat=1)[name]
                theirs.append(opened + times[0])
            rows.append((name, ours, "DuckDB, on its file", theirs))
        table("one cold report, the whole process, ms: median (least–most)", rows)
        _, run = self.report("weekly", True, 1, watch=True)
        timing = timings(run)[0]
        print(
            f"Warm: open {timing['open_ms']:.0f} ms, answer {timing['answer_ms']:.0f} ms; "
            f"most memory {run.peak_mb:,.0f} MB, {run.peak_mb * 2**20 / self.options.rows:.0f} bytes a row.\n"
        )

    def ready(self):
        """Both databases, with profiles and roles."""
        dump = self.dump("csv")
        if not os.path.exists(self.database):
            self.ours_import(dump)
        if not os.path.exists(self.duck):
            if not peers.has_duckdb():
                sys.exit("reports are compared with DuckDB: python3 -m pip install duckdb")
            peers.duckdb_import(dump, self.people, self.duck)
        Run([self.options.binary, "import", *self.people, "--db", self.database])

    def now(self):
        """So that every window has rows."""
        return f"{data.START + data.datetime.timedelta(days=data.DAYS):%Y-%m-%dT%H:%M:%S}+00:00"

    def report(self, name, of_all, repeat=None, watch=False):
        command = [
            self.options.binary, "report", name, "--db", self.database, "--as", data.users_once()[0],
            "--now", self.now(), "--format", "json",
        ]
        # Without it the answer alone is wanted, and what it does not need is not read.
        command += ["--repeat", str(repeat), "--timings"] if repeat else []
        run = (timed if watch else Run)(command + (["--of", "all"] if of_all else []))
        answer = json.loads(run.out, parse_float=Decimal)
        return answer, run


def timings(run):
    """What `--timings` tells, a dictionary a run, in milliseconds."""
    lines = TIMING.findall(run.err)
    return [{key: float(value) for key, value in (it.split("=") for it in line.split())} for line in lines]


def table(title, rows, total=False):
    """Rows of ours and a peer's; the ratio is peer ÷ ours, so more is better for us."""
    rows = [row for row in rows if row[3]]
    print(f"| {title} | ours | peer | its time | ratio |\n|---|---|---|---|---|")
    for name, ours, peer, theirs in rows:
        ratio = statistics.median(theirs) / statistics.median(ours)
        print(f"| {name} | {spread(ours)} | {peer} | {spread(theirs)} | {ratio:.2f} |")
    if total:
        ours, theirs = (sum(statistics.median(row[place]) for row in rows) for place in (1, 3))
        print(f"| sum of medians | {ours:.3g} | {rows[0][2]} | {theirs:.3g} | {theirs / ours:.2f} |")
    print()


if __name__ == "__main__":
    main()
