//! `creditscope profiles`: the operator's list of everybody.

use super::{Done, Failure, args};
use crate::access::Role;
use crate::model::Zone;
use crate::report::{Cell, ReportTable};
use crate::store::{Person, Store};

const COLUMNS: &[&str] = &["user_id", "username", "role", "rows", "credits"];

pub(super) fn run(args: &args::Profiles) -> Result<Done, Failure> {
    let people = Store::open(&args.db)?.operator()?.people()?;
    let table = ReportTable { columns: COLUMNS, rows: people.iter().map(row).collect() };
    super::print(&table, &Zone::utc(), args.format)
}

fn row(person: &Person) -> Vec<Cell> {
    let role = Role::highest(&person.roles);
    vec![
        Cell::Id(person.user_id.0),
        Cell::text(person.username.as_deref()),
        role.map_or(Cell::Null, |it| Cell::Text(it.to_string())),
        Cell::Count(person.rows),
        Cell::Credits(person.credits),
    ]
}
