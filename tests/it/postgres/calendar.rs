use std::fmt::Write as _;

use creditscope::model::{Calendar, Grain, Instant, Zone};

use super::Server;
use crate::tool;

/// Zones with something to get wrong: half hours, quarters, changes at and over midnight, changes of
/// half an hour, a day left out, a day had twice, winter time that is the odd one, no change at all.
const ZONES: [&str; 21] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "America/Caracas",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Gaza",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Pacific/Chatham",
    "Africa/Monrovia",
    "Antarctica/Troll",
];

const GRAINS: [Grain; 5] = [Grain::Hour, Grain::Day, Grain::Week, Grain::Month, Grain::Quarter];
const DAYS_BEFORE: [u64; 3] = [7, 30, 84];

const MICROS_A_MINUTE: i64 = 60_000_000;

/// Cuts time at every change of the clocks from 1980 to 2036. The years before differ between the
/// zone databases of the two: it is still being found out what clocks showed then.
#[test]
fn the_calendar_equals_postgres() {
    let Some(server) = Server::start() else { return };
    let mut n_equal = 0;
    for name in ZONES {
        let zone = Zone::named(name).unwrap();
        let instants = instants(&zone);
        let calendar = Calendar::new(zone);
        let answers = server.psql(&script(name, &instants));
        for (at, theirs) in instants.iter().zip(answers.lines()) {
            let ours = ours(&calendar, *at);
            assert_eq!(ours, theirs, "{name} {}: {GRAINS:?} {DAYS_BEFORE:?} days", calendar.zone.format(*at));
        }
        assert_eq!(answers.lines().count(), instants.len());
        n_equal += instants.len();
    }
    tool::say(&format!("{n_equal} instants are cut as PostgreSQL cuts them, in {} zones", ZONES.len()));
}

/// Instants around each change of the clocks, and those whose windows begin there.
fn instants(zone: &Zone) -> Vec<Instant> {
    let year = |years: i64| Instant::from_micros(years * 525_949 * MICROS_A_MINUTE);
    let mut instants = vec![Instant::from_micros(0)];
    let mut change = year(10);
    while let Some((next, _)) = zone.next_change(change).filter(|(it, _)| *it < year(66)) {
        for minutes in [-1500, -90, -60, -30, -1, 0, 1, 30, 60, 90, 1500] {
            for days in [0].into_iter().chain(DAYS_BEFORE) {
                let minute = next.micros() + (minutes + 1440 * days.cast_signed()) * MICROS_A_MINUTE;
                instants.extend([-1, 0].map(|it| Instant::from_micros(minute + it)));
            }
        }
        change = next;
    }
    instants
}

fn script(zone: &str, instants: &[Instant]) -> String {
    let micros = |sql: &str| format!("(extract(epoch FROM {sql}) * 1000000)::bigint");
    let truncated = GRAINS.map(|it| micros(&format!("date_trunc('{}', at)", it.name())));
    let before = DAYS_BEFORE.map(|it| micros(&format!("at - interval '{it} days'")));
    let columns = [&truncated[..], &before[..]].concat().join(", ");
    let mut script =
        format!("SET timezone = '{zone}';\nCREATE TEMP TABLE instants (n serial, micros bigint);\n");
    script += "COPY instants (micros) FROM STDIN;\n";
    for at in instants {
        writeln!(script, "{}", at.micros()).unwrap();
    }
    script += "\\.\n";
    let at = "SELECT n, timestamptz 'epoch' + micros * interval '1 microsecond' AS at FROM instants";
    writeln!(script, "SELECT {columns} FROM ({at}) it ORDER BY n;").unwrap();
    script
}

fn ours(calendar: &Calendar, at: Instant) -> String {
    let truncated = GRAINS.map(|it| calendar.bucket(at, it).start.micros().to_string());
    let before = DAYS_BEFORE.map(|it| calendar.days_before(at, it).micros().to_string());
    [&truncated[..], &before[..]].concat().join("|")
}
