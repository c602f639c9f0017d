//! A check says what an import does, and leaves everything as it was.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use crate::import::{FileReport, Options, WarningCode};
use crate::model::Cancel;
use crate::service::{self, Check};
use crate::store::Store;

/// A row of a made-up dump: which id, which content, how precise, and whether it can be read.
#[derive(Clone, Copy, Debug)]
enum Row {
    Log { id: u8, credits: u8, is_whole: bool, user: u8 },
    Bad,
}

/// A dump of one table, or one that fails at its last line.
#[derive(Clone, Debug)]
enum Dump {
    Logs { rows: Vec<Row>, is_cut: bool },
    Profiles(Vec<(u8, u8)>),
    Roles(Vec<(u8, u8)>),
}

fn uuid(number: u8) -> String {
    format!("00000000-0000-0000-0000-0000000000{number:02x}")
}

impl Row {
    fn line(self) -> String {
        match self {
            Self::Log { id, credits, is_whole, user } => {
                let time = if is_whole { "10:00:00.831" } else { "10:00:00.831007" };
                let (id, user) = (uuid(id), uuid(100 + user));
                format!("{id},{user},chat,{credits},,2025-08-30 {time}+00,text,\n")
            }
            Self::Bad => "no uuid,,,,,,,\n".to_owned(),
        }
    }
}

impl Dump {
    fn text(&self) -> String {
        match self {
            Self::Logs { rows, is_cut } => {
                let header = "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n";
                let rows: String = rows.iter().map(|it| it.line()).collect();
                format!("{header}{rows}{}", if *is_cut { "\"never closed" } else { "" })
            }
            Self::Profiles(rows) => {
                let rows = rows.iter().map(|(user, name)| format!("{},name {name}\n", uuid(100 + user)));
                format!("id,username\n{}", rows.collect::<String>())
            }
            Self::Roles(rows) => {
                let role = |role: &u8| ["user", "admin", "moderator"][usize::from(*role)];
                let rows = rows.iter().map(|(user, it)| format!("{},{}\n", uuid(100 + user), role(it)));
                format!("user_id,role\n{}", rows.collect::<String>())
            }
        }
    }
}

fn dump() -> impl Strategy<Value = Dump> {
    let log = (0..6_u8, 0..3_u8, any::<bool>(), 0..3_u8).prop_map(|(id, credits, is_whole, user)| Row::Log {
        id,
        credits,
        is_whole,
        user,
    });
    let row = prop_oneof![8 => log, 1 => Just(Row::Bad)];
    prop_oneof![
        4 => (proptest::collection::vec(row, 0..12), proptest::bool::weighted(0.2))
            .prop_map(|(rows, is_cut)| Dump::Logs { rows, is_cut }),
        1 => proptest::collection::vec((0..3_u8, 0..3_u8), 0..6).prop_map(Dump::Profiles),
        1 => proptest::collection::vec((0..3_u8, 0..3_u8), 0..6).prop_map(Dump::Roles),
    ]
}

fn write(folder: &Path, dumps: &[Dump]) -> Vec<PathBuf> {
    let write = |(number, dump): (usize, &Dump)| {
        let path = folder.join(format!("{number}.csv"));
        fs::write(&path, dump.text()).unwrap();
        path
    };
    dumps.iter().enumerate().map(write).collect()
}

fn import_all(store: &Store, paths: &[PathBuf]) -> Vec<FileReport> {
    let (options, cancel) = (Options::default(), Cancel::new());
    paths.iter().map(|it| service::import(store, it, &options, &cancel, &mut |_| ())).collect()
}

fn check_all(store: Option<&Store>, paths: &[PathBuf]) -> Vec<FileReport> {
    let (options, cancel) = (Options::default(), Cancel::new());
    let mut check = Check::new(store).unwrap();
    paths.iter().map(|it| check.dump(it, &options, &cancel, &mut |_| ())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_check_says_what_the_import_then_does(
        before in proptest::collection::vec(dump(), 0..3),
        dumps in proptest::collection::vec(dump(), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("logs.creditscope");
        fs::create_dir(folder.path().join("before")).unwrap();
        let store = Store::create_or_open(&db).unwrap();
        import_all(&store, &write(&folder.path().join("before"), &before));
        store.make_indexes(&Cancel::new(), &mut |_| ()).unwrap();
        drop(store);
        let bytes = fs::read(&db).unwrap();
        let paths = write(folder.path(), &dumps);

        let store = Store::open(&db).unwrap();
        let checked = check_all(Some(&store), &paths);
        drop(store);
        prop_assert!(fs::read(&db).unwrap() == bytes, "the check wrote to the file");

        let store = Store::open(&db).unwrap();
        prop_assert_eq!(checked, import_all(&store, &paths));
    }
}

#[test]
fn a_file_that_is_still_to_be_made_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let rows = vec![Row::Log { id: 1, credits: 2, is_whole: true, user: 1 }; 2];
    let paths = write(folder.path(), &[Dump::Logs { rows, is_cut: false }]);
    let [report] = check_all(None, &paths).try_into().unwrap();
    let table = &report.tables[0];
    assert_eq!((table.rows_read, table.imported, table.repeats), (2, 1, 1));
    assert!(table.warnings.iter().any(|it| it.code == WarningCode::DuplicateIds));
    assert_eq!(table.preview[0].values[3].as_deref(), Some("2"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_dump_that_changed_since_its_check_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let row = |id| Row::Log { id, credits: 2, is_whole: true, user: 1 };
    let paths = write(folder.path(), &[Dump::Logs { rows: vec![row(1)], is_cut: false }]);
    let store = Store::create_or_open(&folder.path().join("logs.creditscope")).unwrap();
    let [checked] = check_all(Some(&store), &paths).try_into().unwrap();
    write(folder.path(), &[Dump::Logs { rows: vec![row(1), row(2)], is_cut: false }]);
    let import =
        || service::import_checked(&store, &checked, &Options::default(), &Cancel::new(), &mut |_| ());
    let error = import().error.unwrap();
    assert!(error.message.contains("changed since"), "{error:?}");
    assert_eq!(store.operator().unwrap().totals().unwrap().rows, 0);
    write(folder.path(), &[Dump::Logs { rows: vec![row(1)], is_cut: false }]);
    assert_eq!(import().error, None);
    assert_eq!(store.operator().unwrap().totals().unwrap().rows, 1);
}

#[test]
fn users_without_a_profile_are_told_once_some_have_one() {
    let folder = tempfile::tempdir().unwrap();
    let row = |id, user| Row::Log { id, credits: 2, is_whole: true, user };
    let logs = Dump::Logs { rows: vec![row(1, 1), row(2, 1), row(3, 2)], is_cut: false };
    let no_profile = |dumps: &[Dump]| {
        let reports = check_all(None, &write(folder.path(), dumps));
        let mut warnings = reports.iter().flat_map(|it| &it.tables).flat_map(|it| &it.warnings);
        warnings.find(|it| it.code == WarningCode::NoProfile).map(|it| it.rows)
    };
    assert_eq!(no_profile(std::slice::from_ref(&logs)), None);
    assert_eq!(no_profile(&[Dump::Profiles(vec![(2, 0)]), logs.clone()]), Some(2));
    assert_eq!(no_profile(&[Dump::Profiles(vec![(1, 0), (2, 0)]), logs]), None);
}
