use std::collections::HashMap;
use std::hash::Hash;

use super::codes::picked;
use super::{ColumnParts, Columns, Kind};
use crate::model::{Credits, Instant, Text, UserId};

/// Collects rows in any order.
#[derive(Debug, Default)]
pub struct ColumnsBuilder {
    parts: ColumnParts,
    user_codes: HashMap<UserId, u32>,
    action_codes: HashMap<Text, u32>,
    kind_codes: HashMap<Kind, u32>,
}

impl ColumnsBuilder {
    pub fn push(&mut self, at: Instant, user: UserId, action: &Text, kind: Kind, credits: Credits) {
        let user = self.user_code(user);
        let action = self.action_code(action);
        let kind = self.kind_code(kind);
        self.push_coded(at, [user, action, kind], credits);
    }

    /// A row by the codes of its user, action and kind, for a source that need not look them up by value.
    pub fn push_coded(&mut self, at: Instant, [user, action, kind]: [u32; 3], credits: Credits) {
        let parts = &mut self.parts;
        parts.times.push(at.micros());
        parts.credits.push(credits.nano());
        parts.users.push(user);
        parts.actions.push(action);
        parts.kinds.push(kind);
    }

    /// The code of a user. To be asked only for a row that is then pushed.
    pub fn user_code(&mut self, user: UserId) -> u32 {
        intern(&mut self.user_codes, &mut self.parts.user_ids, user)
    }

    /// The code of an action. To be asked only for a row that is then pushed.
    pub fn action_code(&mut self, action: &Text) -> u32 {
        intern(&mut self.action_codes, &mut self.parts.action_names, Text::clone(action))
    }

    /// The code of a format and quality. To be asked only for a row that is then pushed.
    pub fn kind_code(&mut self, kind: Kind) -> u32 {
        intern(&mut self.kind_codes, &mut self.parts.kind_names, kind)
    }

    /// Sorts by time; rows of one instant stay in the order they came.
    pub fn finish(self) -> Columns {
        let mut parts = self.parts;
        if !parts.times.is_sorted() {
            let mut order: Vec<u32> = (0..parts.times.len() as u32).collect();
            order.sort_by_key(|row| parts.times[*row as usize]);
            // One after the other: there is never more than one column twice.
            parts.times = picked(&parts.times, &order);
            parts.credits = picked(&parts.credits, &order);
            parts.users = picked(&parts.users, &order);
            parts.actions = parts.actions.picked(&order);
            parts.kinds = parts.kinds.picked(&order);
        }
        Columns::of(parts)
    }
}

fn intern<T: Clone + Eq + Hash>(codes: &mut HashMap<T, u32>, values: &mut Vec<T>, value: T) -> u32 {
    if let Some(code) = codes.get(&value) {
        return *code;
    }
    let code = values.len() as u32;
    values.push(value.clone());
    codes.insert(value, code);
    code
}
