//! What `--timings` says, which programs read.

use crate::cli::{Files, check_fails};

#[test]
fn timings_are_on_stderr_once_for_each_run_and_the_answer_is_printed_once() {
    let files = Files::imported();
    let report = "report weekly --db DB --as admin --now 2025-09-01T00:00:00Z --format csv";
    let plain = files.run(report);
    let timed = files.run(&format!("{report} --repeat 3 --timings"));
    assert_eq!((timed.code, &timed.stdout), (Some(0), &plain.stdout));
    let lines: Vec<_> = timed.stderr.lines().collect();
    assert_eq!((plain.stderr.as_str(), lines.len()), ("", 3));
    for line in lines {
        let times = line.strip_prefix("timing open_ms=").and_then(|it| it.split_once(" answer_ms="));
        let (open, answer) = times.unwrap();
        assert!(open.parse::<f64>().unwrap() > 0.0 && answer.parse::<f64>().unwrap() > 0.0, "{line}");
    }
    check_fails(&files, &format!("{report} --repeat 0"), 2, &["--repeat"]);
}
