//! Whom the words `--as` and `--of` mean.
//!
//! The one who types them is the operator, who holds the file and may name anybody in it; what is
//! then shown is what the viewer sees.

use std::fmt::Write as _;

use uuid::Uuid;

use super::{Failure, out};
use crate::access::Viewer;
use crate::model::UserId;
use crate::report::Of;
use crate::store::{Operator, Person};

/// As many users are listed when a name does not say which is meant.
const LISTED_MAX: usize = 20;

/// Everybody who can be named. They are looked up one by one: to list all, with their rows, takes as long as
/// to read the rows.
#[derive(Debug)]
pub(super) struct Who {
    operator: Operator,
}

impl Who {
    pub(super) fn new(operator: Operator) -> Self {
        Self { operator }
    }

    /// `admin`, `nobody`, an id or a name, tried in this order; `user:NAME` is a name in any case.
    pub(super) fn viewer(&self, text: &str) -> Result<Viewer, Failure> {
        let name = match text {
            "admin" => return Ok(Viewer::Admin(None)),
            "nobody" => return Ok(Viewer::Nobody),
            _ => text.strip_prefix("user:"),
        };
        let user = match (name, Uuid::try_parse(text)) {
            (None, Ok(id)) => self.known_or_noted(UserId(id))?,
            _ => self.named(name.unwrap_or(text))?,
        };
        Ok(self.operator.viewer(user)?)
    }

    /// `all`, or whom [`Self::viewer`] means.
    pub(super) fn of(&self, text: &str) -> Result<Of, Failure> {
        if text == "all" { Ok(Of::All) } else { Ok(Of::own(self.viewer(text)?.id())) }
    }

    /// As the window names a viewer.
    pub(super) fn words(&self, viewer: Viewer) -> Result<String, Failure> {
        match (viewer, viewer.id()) {
            (_, Some(user)) => self.name(user),
            (Viewer::Admin(_), None) => Ok("Admin".to_owned()),
            (_, None) => Ok("Nobody".to_owned()),
        }
    }

    /// The name, or the short id of a user without one.
    pub(super) fn name(&self, user: UserId) -> Result<String, Failure> {
        Ok(self.operator.username(user)?.unwrap_or_else(|| user.short()))
    }

    fn known_or_noted(&self, user: UserId) -> Result<UserId, Failure> {
        if !self.operator.knows(user)? {
            out::note(format!("nothing is known of user {user}: no profile, no role, no rows"));
        }
        Ok(user)
    }

    fn named(&self, name: &str) -> Result<UserId, Failure> {
        let namesakes = self.operator.users_named(name)?;
        if let [user] = namesakes[..] {
            return Ok(user);
        }
        let people = self.operator.people()?;
        Err(Failure::Usage(if namesakes.is_empty() {
            let everybody: Vec<&Person> = people.iter().collect();
            format!("no user is called `{name}`: use admin, nobody, or one of {}", list(&everybody))
        } else {
            let namesakes: Vec<&Person> =
                people.iter().filter(|it| it.username.as_deref() == Some(name)).collect();
            format!("more than one user is called `{name}`: use one of {}", list(&namesakes))
        }))
    }
}

fn list(people: &[&Person]) -> String {
    if people.is_empty() {
        return "the users of a file that has some".to_owned();
    }
    let user = |it: &&Person| match &it.username {
        Some(name) => format!("{} ({name})", it.user_id),
        None => it.user_id.to_string(),
    };
    let mut text = people.iter().take(LISTED_MAX).map(user).collect::<Vec<_>>().join(", ");
    if let Some(n_more @ 1..) = people.len().checked_sub(LISTED_MAX) {
        write!(text, " and {n_more} more (`creditscope profiles` lists all)").ok();
    }
    text
}
