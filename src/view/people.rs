use memchr::memmem::Finder;

use super::{Cell, number};
use crate::access::{Role, Viewer};
use crate::model::{CreditSum, UserId};

/// Everybody who can be looked as, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct People {
    /// The admin without an id and nobody first, then users by name, then users without one by id.
    pub entries: Vec<PersonEntry>,
    keys: Keys,
}

/// What a search looks into: of each entry its name and its whole id, in lower case.
///
/// In one piece, so that 100,000 are searched within a frame. As many texts lie all over the memory, and to
/// fetch them took 10 ms.
#[derive(Clone, PartialEq, Debug, Default)]
struct Keys {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

/// One line of the viewer picker.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonEntry {
    pub viewer: Viewer,
    /// The name, or the short id of a user without one.
    pub name: Cell,
    pub initials: String,
    /// Short id (where the name is not that already) and roles; for those who are no users, what they see.
    pub note: String,
    pub has_profile: bool,
    pub rows: String,
    pub credits: String,
}

/// What the file holds about a user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub user_id: UserId,
    pub username: Option<String>,
    pub has_profile: bool,
    pub roles: Vec<Role>,
    pub n_rows: u64,
    pub credits: CreditSum,
}

impl People {
    /// From all people of the file; `total` are all its rows and credits.
    pub fn build(people: &[Person], total: (u64, CreditSum)) -> Self {
        let admin = PersonEntry::apart(Viewer::Admin(None), "Admin (all rows)", "sees everything", total);
        let nobody = PersonEntry::apart(
            Viewer::Nobody,
            "Nobody (not signed in)",
            "sees nothing",
            (0, CreditSum::ZERO),
        );
        let mut users: Vec<_> = people.iter().map(PersonEntry::user).collect();
        users.sort_by(|(a, a_key), (b, b_key)| (a.name.soft, a_key).cmp(&(b.name.soft, b_key)));
        let mut keys = Keys::default();
        let entries = [admin, nobody].into_iter().chain(users).map(|(entry, key)| {
            keys.push(&key);
            entry
        });
        Self { entries: entries.collect(), keys }
    }

    /// The entry of a user.
    pub fn user(&self, user: UserId) -> Option<&PersonEntry> {
        self.entries.iter().find(|it| it.viewer.id() == Some(user))
    }

    /// As [`Self::search`], but of all entries the admin comes first and the recent ones after that.
    pub fn search_recent(&self, text: &str, recent: &[UserId]) -> Vec<usize> {
        let found = self.search(text);
        if !text.trim().is_empty() {
            return found;
        }
        let place = |user: &UserId| self.entries.iter().position(|it| it.viewer.id() == Some(*user));
        let first: Vec<_> =
            found.first().copied().into_iter().chain(recent.iter().filter_map(place)).collect();
        let rest = found.into_iter().filter(|it| !first.contains(it));
        first.iter().copied().chain(rest).collect()
    }

    /// The entries that hold a text, as places in [`Self::entries`]. An empty text finds all.
    pub fn search(&self, text: &str) -> Vec<usize> {
        let text = text.trim().to_lowercase();
        if text.is_empty() { (0..self.entries.len()).collect() } else { self.keys.search(&text) }
    }
}

impl Keys {
    fn push(&mut self, key: &str) {
        self.text.push_str(key);
        // Nobody types it, so nothing is found that lies across two.
        self.text.push('\0');
        self.ends.push(self.text.len());
    }

    fn search(&self, text: &str) -> Vec<usize> {
        let finder = Finder::new(text);
        let (mut found, mut index, mut from) = (Vec::new(), 0, 0);
        while let Some(n_bytes) = finder.find(&self.text.as_bytes()[from..]) {
            index += self.ends[index..].iter().take_while(|it| **it <= from + n_bytes).count();
            found.push(index);
            from = self.ends[index];
        }
        found
    }
}

impl PersonEntry {
    fn apart(viewer: Viewer, name: &str, note: &str, (n_rows, credits): (u64, CreditSum)) -> (Self, String) {
        let entry = Self {
            viewer,
            name: Cell::of(Some(name)),
            initials: initials(name),
            note: note.to_owned(),
            has_profile: true,
            rows: number::count(n_rows),
            credits: number::credits(credits),
        };
        (entry, name.to_lowercase())
    }

    /// With what a search looks into.
    fn user(person: &Person) -> (Self, String) {
        let Person { user_id, username, has_profile, roles, n_rows, credits } = person;
        let username = username.as_deref().filter(|it| !it.is_empty());
        let short_id = user_id.short();
        let roles = if roles.is_empty() {
            "no role".to_owned()
        } else {
            roles.iter().map(|it| super::cell::visible(&it.to_string())).collect::<Vec<_>>().join(", ")
        };
        let key = format!("{} {user_id}", username.unwrap_or_default().to_lowercase());
        let entry = Self {
            viewer: Viewer::user(*user_id, &person.roles),
            initials: initials(username.unwrap_or(&short_id)),
            note: if username.is_some() { format!("{short_id} · {roles}") } else { roles },
            has_profile: *has_profile,
            rows: number::count(*n_rows),
            credits: number::credits(*credits),
            name: username.map_or_else(|| Cell { text: short_id, soft: true }, |it| Cell::cut(Some(it))),
        };
        (entry, key)
    }
}

/// The first letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|it| it.chars().find(|it| it.is_alphanumeric()));
    let (first, last) = (words.next(), words.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(id: u128, name: Option<&str>, roles: &[Role]) -> Person {
        Person {
            user_id: UserId(Uuid::from_u128(id)),
            username: name.map(str::to_owned),
            has_profile: name.is_some(),
            roles: roles.to_vec(),
            n_rows: 1_204,
            credits: CreditSum::from_nano(2_500_000_000),
        }
    }

    fn people() -> People {
        People::build(
            &[
                person(1 << 100, None, &[]),
                person(2, Some("Zoë"), &[Role::User, Role::Admin]),
                person(3, Some("ada Lindqvist"), &[Role::Unknown("Admin".to_owned())]),
            ],
            (88_310, CreditSum::from_nano(7)),
        )
    }

    #[test]
    fn those_apart_come_first_then_names_then_ids() {
        let people = people();
        let names: Vec<_> = people.entries.iter().map(|it| it.name.text.as_str()).collect();
        assert_eq!(names, ["Admin (all rows)", "Nobody (not signed in)", "ada Lindqvist", "Zoë", "00000010"]);
        let notes: Vec<_> = people.entries[2..].iter().map(|it| it.note.as_str()).collect();
        assert_eq!(notes, ["00000000 · Admin", "00000000 · user, admin", "no role"]);
    }

    #[test]
    fn only_the_exact_role_makes_an_admin() {
        let viewers: Vec<_> = people().entries[2..].iter().map(|it| it.viewer.is_admin()).collect();
        assert_eq!(viewers, [false, true, false]);
    }

    #[track_caller]
    fn check_search(text: &str, found: &[usize]) {
        assert_eq!(people().search(text), found);
    }

    #[test]
    fn a_search_looks_into_names_and_ids() {
        check_search("", &[0, 1, 2, 3, 4]);
        check_search(" LIND", &[2]);
        check_search("zoË", &[3]);
        check_search("00000010-0000", &[4]);
        check_search("nobody", &[1]);
        check_search("xyz", &[]);
    }

    #[test]
    fn recent_ones_come_after_the_admin_unless_something_is_searched() {
        let recent = [3, 7, 2].map(|it| UserId(Uuid::from_u128(it)));
        assert_eq!(people().search_recent("", &recent), [0, 2, 3, 1, 4]);
        assert_eq!(people().search_recent("no", &recent), [1]);
        assert_eq!(people().search_recent("", &[]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("ada von Lindqvist"), "AL");
        assert_eq!(initials("Zoë"), "Z");
        assert_eq!(initials("…"), "");
    }
}
