//! Which column may be which, guessed for a person to look at.

use std::collections::HashSet;

use super::{Mapping, Source};
use crate::import::value::time::{self, DateOrder, Reading, Spelling};
use crate::import::value::{number, uuid};
use crate::model::Zone;

/// The user of all rows, where no column tells users apart.
pub const ONE_USER: &str = "00000000-0000-0000-0000-000000000001";

/// Words in the names of columns, the likeliest first.
const TIMES: [&str; 7] = ["created", "timestamp", "time", "datetime", "date", "ts", "at"];
const USERS: [&str; 8] = ["user", "username", "email", "account", "customer", "member", "owner", "team"];
const ACTIONS: [&str; 9] =
    ["action", "event", "operation", "endpoint", "service", "type", "kind", "model", "category"];
const CREDITS: [&str; 11] = [
    "credits",
    "credit",
    "consumed",
    "cost",
    "price",
    "amount",
    "units",
    "usage",
    "generated",
    "output",
    "tokens",
];

/// A column of the file, and what its first values have been found to be.
struct Candidate<'a> {
    name: &'a str,
    words: Vec<String>,
    values: Vec<&'a str>,
}

/// Guesses a mapping for a file with these columns by their names and first values; `None` where no
/// column can be the time.
///
/// Each column is used once, but that an id may be made of all of them. Nothing is said of what only a
/// person knows: the zone of times without one, and the price of a token.
pub(super) fn suggest<'a>(columns: &'a [String], rows: &'a [Vec<Option<String>>]) -> Option<Mapping> {
    let values = |place: usize| {
        let values = rows.iter().filter_map(move |row| row.get(place)?.as_deref());
        values.filter(|it| !it.is_empty()).collect()
    };
    let candidate = |(place, name): (usize, &'a String)| Candidate {
        name: name.trim(),
        words: words(name),
        values: values(place),
    };
    let mut free: Vec<Candidate<'a>> = columns.iter().enumerate().map(candidate).collect();

    let created_at = take(&mut free, &TIMES, true, Candidate::is_time)?;
    let user = take(&mut free, &USERS, false, |_| true);
    let id = take(&mut free, &["id", "uuid"], false, |it| it.is_uuid() && it.is_unique(rows.len()));
    let action = take(&mut free, &ACTIONS, false, |_| true);
    let format = take(&mut free, &["format"], false, |_| true);
    let quality = take(&mut free, &["quality"], false, |_| true);
    let credits = take(&mut free, &CREDITS, true, Candidate::is_number);
    let column = |it: Candidate<'_>| Source::Column(it.name.to_owned());
    Some(Mapping {
        id: id
            .map_or_else(|| Source::UuidV5(columns.iter().map(|it| it.trim().to_owned()).collect()), column),
        user_id: match user {
            Some(it) if it.is_uuid() => column(it),
            Some(it) => Source::UuidV5(vec![it.name.to_owned()]),
            None => Source::Constant(ONE_USER.to_owned()),
        },
        action: action.map_or_else(|| Source::Constant("usage".to_owned()), column),
        credits_consumed: credits.map_or_else(|| Source::Constant("1".to_owned()), column),
        metadata: (!free.is_empty()).then_some(Source::Unmapped),
        created_at: column(created_at),
        format: format.map(column),
        quality: quality.map(column),
        assume_zone: None,
        date_order: None,
        decimal: None,
    })
}

/// Takes the column that fits best by its name; where none has one of the words and it `may_be_any`,
/// the first that fits at all.
fn take<'a>(
    free: &mut Vec<Candidate<'a>>,
    likely: &[&str],
    may_be_any: bool,
    fits: impl Fn(&Candidate<'a>) -> bool,
) -> Option<Candidate<'a>> {
    let named = likely
        .iter()
        .find_map(|word| free.iter().position(|it| it.words.iter().any(|own| own == word) && fits(it)));
    let any = || free.iter().position(|it| may_be_any && !it.values.is_empty() && fits(it));
    let place = named.or_else(any)?;
    Some(free.remove(place))
}

/// `ContextTokens`, `context_tokens` → `context`, `tokens`
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        let begins = character.is_uppercase() && was_lower;
        if begins || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (character.is_alphanumeric(), words.last_mut()) {
            word.extend(character.to_lowercase());
        }
        was_lower = character.is_lowercase();
    }
    words.retain(|it| !it.is_empty());
    words
}

impl Candidate<'_> {
    /// A number is a time only by the name of its column.
    fn is_time(&self) -> bool {
        if self.is_number() {
            let is_count = |it: &&str| matches!(Spelling::of(it), Spelling::Number { unit: Some(_), .. });
            return self.words.iter().any(|it| TIMES.contains(&it.as_str()))
                && self.values.iter().all(is_count);
        }
        [DateOrder::Dmy, DateOrder::Mdy].into_iter().any(|order| {
            let reading = Reading { zone: Some(Zone::utc()), order: Some(order), style: None };
            self.values.iter().all(|it| time::parse(it, &reading).is_ok())
        })
    }

    fn is_number(&self) -> bool {
        self.values.iter().all(|it| number::parse(it, None).is_ok())
    }

    fn is_uuid(&self) -> bool {
        !self.values.is_empty() && self.values.iter().all(|it| uuid::parse(it).is_ok())
    }

    fn is_unique(&self, n_rows: usize) -> bool {
        self.values.len() == n_rows && self.values.iter().collect::<HashSet<_>>().len() == n_rows
    }
}
