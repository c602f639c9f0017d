use super::{Cell, initials, number};
use crate::access::{Role, Viewer};
use crate::model::{Calendar, Columns, CreditSum, Instant, UserId};

// ---- what goes in -----------------------------------------------------------------------------

/// What one viewer was answered, beside what an admin is and what the file holds.
#[derive(Clone, PartialEq, Debug)]
pub struct ProofValues {
    pub viewer: Viewer,
    /// `None` without a profile, or without a name in it.
    pub username: Option<String>,
    pub roles: Vec<Role>,
    /// All rows and credits of the file, as the operator counts them.
    pub in_file: (u64, CreditSum),
    pub parts: Parts,
    /// `last 30 days`, or the days of a range that has no name.
    pub period: String,
    pub admin: Side,
    pub own: Side,
}

/// The rows of a file told apart by the rule, one by one, and what an answer holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parts {
    /// Rows that the rule admits, counted in all rows.
    pub n_admitted: u64,
    /// Rows that it does not admit.
    pub n_hidden: u64,
    pub hidden_credits: CreditSum,
    /// Rows of the answer.
    pub n_visible: u64,
    pub visible_credits: CreditSum,
    /// Users in the dictionary of the answer whom the viewer may not see.
    pub n_strangers: u64,
    /// First and last row of the answer are those of the admitted rows.
    pub ends_are_admitted: bool,
}

/// What one of the two is answered in the period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Side {
    pub credits: CreditSum,
    pub n_events: u64,
    pub per_event: Option<CreditSum>,
    pub n_users: u64,
    /// The first row ever.
    pub first: Option<Instant>,
}

impl Parts {
    /// Asks the rule about each row of `all`, and compares with `visible`, the answer of the store.
    pub fn count(viewer: Viewer, all: &Columns, visible: &Columns) -> Self {
        let sees: Vec<bool> = all.user_ids().iter().map(|it| viewer.sees(*it)).collect();
        let mut parts = Self {
            n_visible: visible.len() as u64,
            visible_credits: visible.total(),
            n_strangers: visible.user_ids().iter().filter(|it| !viewer.sees(**it)).count() as u64,
            ..Self::default()
        };
        let mut ends: Option<(i64, i64)> = None;
        for ((user, credits), at) in all.users().iter().zip(all.credits()).zip(all.times()) {
            if sees[*user as usize] {
                parts.n_admitted += 1;
                ends = Some((ends.map_or(*at, |it| it.0), *at));
            } else {
                parts.n_hidden += 1;
                parts.hidden_credits += CreditSum::from_nano(i128::from(*credits));
            }
        }
        let of_answer = visible.times().first().copied().zip(visible.times().last().copied());
        parts.ends_are_admitted = ends == of_answer;
        parts
    }
}

// ---- what comes out ---------------------------------------------------------------------------

/// What a viewer sees and why, ready to draw.
#[derive(Clone, PartialEq, Debug)]
pub struct Proof {
    pub viewer: Viewer,
    /// `What Ada Lindqvist sees`
    pub title: String,
    pub initials: String,
    /// `user · 7f3ab210 · no role`
    pub who: String,
    /// The part of the file that is visible, from 0 to 1.
    pub part: f32,
    /// Visible, hidden by the rule, in the file.
    pub rows: [ProofRow; 3],
    /// `has_role(…)`, `or user_id = …`
    pub rule: [RuleHalf; 2],
    /// Head of the first column: `Side by side, last 30 days`
    pub sides: String,
    /// Head of the last column: `B  Ada`.
    pub own_head: String,
    /// What is compared, for an admin, for the viewer.
    pub figures: Vec<[String; 3]>,
    /// What was checked, and whether it holds.
    pub checks: Vec<(String, bool)>,
    /// All of it in plain text.
    pub text: String,
}

/// A part of the rows.
#[derive(Clone, PartialEq, Debug)]
pub struct ProofRow {
    pub name: &'static str,
    pub n: String,
    pub share: String,
    /// The sum of the credits, with every digit.
    pub credits: String,
}

/// One half of the rule, and whether it is what lets the viewer see rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleHalf {
    pub text: String,
    pub holds: bool,
}

/// What this is and what it is not.
pub const PROOF_NOTE: &str = "This shows what a user would see; it does not lock the file";
/// The policy is `FOR ALL`.
pub const WRITES_NOTE: &str =
    "The rule governs writes too; an import does not go through it, it acts as the owner of the tables";

impl Proof {
    pub fn build(values: &ProofValues, calendar: &Calendar) -> Self {
        let name = name(values);
        let Parts { n_visible, n_hidden, visible_credits, hidden_credits, .. } = values.parts;
        let (n_rows, credits) = values.in_file;
        let row = |name, n: u64, credits: CreditSum| ProofRow {
            name,
            n: number::count(n),
            share: share(n, n_rows),
            credits: number::exact(credits),
        };
        let mut proof = Self {
            viewer: values.viewer,
            title: format!("What {name} sees"),
            initials: initials(&name),
            who: who(values),
            part: if n_rows == 0 { 0.0 } else { (n_visible as f64 / n_rows as f64) as f32 },
            rows: [
                row("Visible", n_visible, visible_credits),
                row("Hidden by the rule", n_hidden, hidden_credits),
                row("In the file", n_rows, credits),
            ],
            rule: rule(values.viewer),
            sides: format!("Side by side, {}", values.period),
            own_head: format!("B  {}", name.split_whitespace().next().unwrap_or(&name)),
            figures: figures(values, calendar),
            checks: checks(values),
            text: String::new(),
        };
        proof.text = proof.in_words();
        proof
    }

    /// Every check holds.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|(_, holds)| *holds)
    }

    fn in_words(&self) -> String {
        let mut lines = vec![self.title.clone(), self.who.clone(), String::new(), "Rows".to_owned()];
        let rows = self.rows.iter();
        lines
            .extend(rows.map(|it| format!("  {}: {} ({}), {} credits", it.name, it.n, it.share, it.credits)));
        lines.extend([String::new(), "Rule applied".to_owned()]);
        lines.extend(self.rule.iter().map(|it| format!("  {}: {}", it.text, yes(it.holds))));
        lines.extend([String::new(), format!("{}: A  Admin | {}", self.sides, self.own_head)]);
        lines.extend(self.figures.iter().map(|[what, a, b]| format!("  {what}: {a} | {b}")));
        lines.extend([String::new(), "Checked on this answer".to_owned()]);
        lines.extend(self.checks.iter().map(|(what, holds)| format!("  {what}: {}", yes(*holds))));
        lines.extend([String::new(), PROOF_NOTE.to_owned(), WRITES_NOTE.to_owned()]);
        lines.join("\n") + "\n"
    }
}

/// How a half of the rule and a check are answered.
pub fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "no" }
}

fn name(values: &ProofValues) -> String {
    let username = values.username.as_deref().filter(|it| !it.is_empty());
    match (values.viewer, values.viewer.id()) {
        (Viewer::Nobody, _) => "nobody".to_owned(),
        (_, None) => "an admin".to_owned(),
        (_, Some(id)) => username.map_or_else(|| id.short(), |it| Cell::cut(Some(it)).text),
    }
}

fn who(values: &ProofValues) -> String {
    let Some(id) = values.viewer.id() else {
        return match values.viewer {
            Viewer::Nobody => "not signed in",
            _ => "admin · without an id, so without rows of its own",
        }
        .to_owned();
    };
    let roles: Vec<_> = values.roles.iter().map(|it| super::cell::visible(&it.to_string())).collect();
    let roles = if roles.is_empty() { "no role".to_owned() } else { format!("role {}", roles.join(", ")) };
    let profile = if values.username.is_some() { "" } else { " · no profile" };
    format!("user · {} · {roles}{profile}", id.short())
}

/// The policy, with the viewer put in for `auth.uid()`.
fn rule(viewer: Viewer) -> [RuleHalf; 2] {
    let id = viewer.id();
    let owner =
        id.map_or_else(|| "or user_id = null".to_owned(), |it| format!("or user_id = '{}'", cut_id(it)));
    [
        RuleHalf { text: "has_role(viewer, 'admin')".to_owned(), holds: viewer.is_admin() },
        RuleHalf { text: owner, holds: id.is_some() },
    ]
}

/// `7f3ab210-…-0b6c5a1f2231`: begin and end tell users apart.
fn cut_id(id: UserId) -> String {
    let id = id.to_string();
    format!("{}-…-{}", &id[..8], &id[24..])
}

fn figures(values: &ProofValues, calendar: &Calendar) -> Vec<[String; 3]> {
    let ProofValues { admin, own, .. } = values;
    let ratio = |it: &Side| it.per_event.map_or_else(|| "–".to_owned(), number::ratio);
    let first = |it: &Side| it.first.map_or_else(|| "–".to_owned(), |at| number::date(calendar.date(at)));
    let figure = |name: &str, text: &dyn Fn(&Side) -> String| [name.to_owned(), text(admin), text(own)];
    vec![
        figure("Credits", &|it| number::credits(it.credits)),
        figure("Events", &|it| number::count(it.n_events)),
        figure("Credits per event", &ratio),
        figure("Users in the answer", &|it| number::count(it.n_users)),
        figure("First row", &first),
    ]
}

fn checks(values: &ProofValues) -> Vec<(String, bool)> {
    let parts = values.parts;
    let (n_rows, credits) = values.in_file;
    let strangers = match values.viewer {
        Viewer::Nobody => "No row of any user in the answer",
        Viewer::Owner(_) => "No row of another user in the answer",
        Viewer::Admin(_) => "No user in the answer whom the rule hides",
    };
    [
        ("Visible + hidden = rows in the file", parts.n_visible + parts.n_hidden == n_rows),
        ("Their credits add up too", parts.visible_credits + parts.hidden_credits == credits),
        ("Every row that the rule admits is visible", parts.n_admitted == parts.n_visible),
        (strangers, parts.n_strangers == 0),
        ("First and last date are those of visible rows", parts.ends_are_admitted),
    ]
    .map(|(what, holds)| (what.to_owned(), holds))
    .to_vec()
}

fn share(part: u64, whole: u64) -> String {
    number::share(CreditSum::from_nano(part.into()), CreditSum::from_nano(whole.into()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::model::{ColumnsBuilder, Credits};

    const ADA: UserId = UserId(Uuid::from_u128(0x7f3a_b210 << 96 | 1));
    const BOB: UserId = UserId(Uuid::from_u128(2));

    fn columns() -> Columns {
        let mut rows = ColumnsBuilder::default();
        for (at, user, nano) in [(10, BOB, 1), (20, ADA, 3), (30, ADA, -1), (40, BOB, 5)] {
            let credits = Credits::from_nano(nano).unwrap();
            rows.push(Instant::from_micros(at), user, &"a".into(), (None, None), credits);
        }
        rows.finish()
    }

    fn values(viewer: Viewer, visible: &Columns) -> ProofValues {
        let all = columns();
        ProofValues {
            viewer,
            username: Some("Ada Lindqvist".to_owned()),
            roles: Vec::new(),
            in_file: (4, all.total()),
            parts: Parts::count(viewer, &all, visible),
            period: "last 30 days".to_owned(),
            admin: Side { n_events: 4, n_users: 2, first: all.first(), ..Side::default() },
            own: Side { n_events: 2, n_users: 1, first: visible.first(), ..Side::default() },
        }
    }

    #[track_caller]
    fn check(viewer: Viewer, visible: &Columns, parts: [&str; 3], rule: [bool; 2], holds: bool) {
        let proof = Proof::build(&values(viewer, visible), &Calendar::utc());
        assert_eq!(proof.rows.each_ref().map(|it| it.n.as_str()), parts);
        assert_eq!(proof.rule.each_ref().map(|it| it.holds), rule);
        assert_eq!(proof.holds(), holds, "{:?}", proof.checks);
    }

    #[test]
    fn parts_are_counted_by_the_rule_and_add_up() {
        let all = columns();
        check(Viewer::Owner(ADA), &all.only(ADA), ["2", "2", "4"], [false, true], true);
        check(Viewer::Admin(None), &all, ["4", "0", "4"], [true, false], true);
        check(Viewer::Admin(Some(ADA)), &all, ["4", "0", "4"], [true, true], true);
        check(Viewer::Nobody, &Columns::default(), ["0", "4", "4"], [false, false], true);
    }

    #[test]
    fn an_answer_with_too_much_or_too_little_is_found_out() {
        let all = columns();
        check(Viewer::Owner(ADA), &all, ["4", "2", "4"], [false, true], false);
        check(Viewer::Owner(ADA), &all.only(BOB), ["2", "2", "4"], [false, true], false);
        check(Viewer::Owner(ADA), &Columns::default(), ["0", "2", "4"], [false, true], false);
        check(Viewer::Nobody, &all.only(ADA), ["2", "4", "4"], [false, false], false);
    }

    #[test]
    fn a_proof_is_copied_as_plain_text() {
        let proof = Proof::build(&values(Viewer::Owner(ADA), &columns().only(ADA)), &Calendar::utc());
        assert_eq!(proof.who, "user · 7f3ab210 · no role");
        for line in [
            "What Ada Lindqvist sees",
            "  Visible: 2 (50.0 %), 0.000000002 credits",
            "  has_role(viewer, 'admin'): no",
            "  or user_id = '7f3ab210-…-000000000001': yes",
            "Side by side, last 30 days: A  Admin | B  Ada",
            "  Events: 4 | 2",
            "  No row of another user in the answer: yes",
            PROOF_NOTE,
        ] {
            assert!(proof.text.lines().any(|it| it == line), "{line}\n{}", proof.text);
        }
    }
}
