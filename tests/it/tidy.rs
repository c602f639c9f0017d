//! Rules that the compiler does not hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules of the crate a module may name, besides itself. A path with two parts admits only
/// that part of a module.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("access", &["model"]),
    // What is a role is known in one place, and so is what SQLite is.
    ("import", &["access::Role", "model", "store::foreign"]),
    ("store", &["access", "model"]),
    ("engine", &["model"]),
    // The ranking is more than a table: it asks for what each user did, bucket by bucket.
    ("report", &["engine", "model"]),
    ("demo", &["model"]),
    ("service", &["access", "demo", "engine", "import", "model", "store"]),
    ("view", &["access", "model", "report"]),
    ("worker", &["model"]),
    (
        "app",
        &[
            "access", "demo", "engine", "import", "model", "report", "service", "store", "ui", "view",
            "worker",
        ],
    ),
    ("ui", &["access", "app", "model", "report", "view"]),
    (
        "cli",
        &[
            "access",
            "app",
            "demo",
            "engine",
            "import",
            "model",
            "report",
            "service",
            "store",
            "ui::picture",
            "view",
        ],
    ),
];

#[test]
fn modules_use_only_what_the_design_lets_them_use() {
    let strangers: BTreeSet<String> = sources().iter().flat_map(|it| forbidden_uses(it)).collect();
    assert!(strangers.is_empty(), "see `MAY_USE` in tests/it/tidy.rs:\n{strangers:#?}");
}

#[test]
fn every_module_is_in_the_table() {
    let modules: BTreeSet<_> = sources().iter().filter_map(|it| module(it)).collect();
    let listed: BTreeSet<_> = MAY_USE.iter().map(|(module, _)| (*module).to_owned()).collect();
    assert_eq!(modules, listed);
}

#[test]
fn only_the_store_names_rusqlite() {
    check_only_in("rusqlite", &["store"]);
}

#[test]
fn only_the_window_names_egui() {
    check_only_in("egui", &["app", "ui"]);
}

/// Comments may name it anywhere, and tests may do what they like.
#[track_caller]
fn check_only_in(word: &str, homes: &[&str]) {
    for source in sources().iter().filter(|it| module(it).is_none_or(|it| !homes.contains(&it.as_str()))) {
        let at_fault = code(source).find(|line| line.contains(word));
        assert_eq!(at_fault, None, "{} names {word}", source.display());
    }
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&src(), &mut found);
    assert!(found.len() > 20, "the sources are not where they were: {found:?}");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The module of the crate in which a file is; `None` of `main.rs` and `lib.rs`.
fn module(source: &Path) -> Option<String> {
    let mut parts = source.strip_prefix(src()).unwrap().components();
    let first = parts.next()?.as_os_str().to_str()?.to_owned();
    parts.next().map(|_| first)
}

/// The lines that are neither comments nor tests.
fn code(source: &Path) -> impl Iterator<Item = String> {
    let is_test = source.components().any(|it| it.as_os_str() == "tests" || it.as_os_str() == "tests.rs");
    let text = if is_test { String::new() } else { fs::read_to_string(source).unwrap() };
    let lines: Vec<String> = text
        .lines()
        .take_while(|it| *it != "#[cfg(test)]")
        .filter(|it| !it.trim_start().starts_with("//"))
        .map(str::to_owned)
        .collect();
    lines.into_iter()
}

fn forbidden_uses(source: &Path) -> Vec<String> {
    let Some(user) = module(source) else { return Vec::new() };
    let Some((_, may_use)) = MAY_USE.iter().find(|(it, _)| *it == user) else { return Vec::new() };
    let admits = |path: &str| {
        let is_under = |allowed: &str| path == allowed || path.starts_with(&format!("{allowed}::"));
        is_under(&user) || may_use.iter().any(|it| is_under(it))
    };
    code(source)
        .flat_map(|line| paths(&line))
        .filter(|path| !admits(path))
        .map(|path| format!("{} uses {path}", source.display()))
        .collect()
}

/// What comes after each `crate::` of a line. `use crate::{…}` hides it, and is never admitted.
fn paths(line: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let path = |rest: &str| {
        let path: String = rest.chars().take_while(|c| is_path(*c)).collect();
        path.trim_end_matches(':').to_owned()
    };
    line.split("crate::").skip(1).map(path).collect()
}
