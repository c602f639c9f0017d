//! Who looks, and the rule that says which rows they see. It is written once, here; the store
//! applies it below every path to rows.
//!
//! The rule is the platform's own policy: `has_role(auth.uid(), 'admin') OR auth.uid() = user_id`.
//! There it is `FOR ALL`, so it also governs writes; creditscope never writes as a viewer, and an
//! import acts as the table's owner.

use std::fmt;

use crate::model::UserId;

/// Whose eyes are looked through.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Viewer {
    /// Not signed in: `auth.uid()` is NULL.
    Nobody,
    /// Signed in without the role admin: sees the own rows.
    Owner(UserId),
    /// Sees all rows. Without an id it owns none of them.
    Admin(Option<UserId>),
}

/// A role of `user_roles`. Only the exact text `admin` is an admin.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Any other text, kept as it is: `Admin`, `ADMIN` and `administrator` are such.
    Unknown(String),
    User,
    Moderator,
    Admin,
}

/// Which rows of `usage_logs` a viewer sees, as the policy decides it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    None,
    Own(UserId),
    All,
}

impl Viewer {
    /// A user with these roles.
    pub fn user(id: UserId, roles: &[Role]) -> Self {
        if roles.contains(&Role::Admin) { Self::Admin(Some(id)) } else { Self::Owner(id) }
    }

    /// `auth.uid()`.
    pub fn id(self) -> Option<UserId> {
        match self {
            Self::Nobody | Self::Admin(None) => None,
            Self::Owner(id) | Self::Admin(Some(id)) => Some(id),
        }
    }

    pub fn is_admin(self) -> bool {
        matches!(self, Self::Admin(_))
    }

    /// The rule: `has_role(auth.uid(), 'admin') OR auth.uid() = user_id`.
    pub fn scope(self) -> Scope {
        match self {
            Self::Nobody => Scope::None,
            Self::Owner(id) => Scope::Own(id),
            Self::Admin(_) => Scope::All,
        }
    }

    pub fn sees(self, owner: UserId) -> bool {
        match self.scope() {
            Scope::None => false,
            Scope::Own(id) => id == owner,
            Scope::All => true,
        }
    }
}

impl Role {
    pub fn parse(text: &str) -> Self {
        match text {
            "admin" => Self::Admin,
            "moderator" => Self::Moderator,
            "user" => Self::User,
            _ => Self::Unknown(text.to_owned()),
        }
    }

    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// The highest of a user's roles.
    pub fn highest(roles: &[Self]) -> Option<&Self> {
        roles.iter().max()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Admin => "admin",
            Self::Moderator => "moderator",
            Self::User => "user",
            Self::Unknown(text) => text,
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ADA: UserId = UserId(Uuid::from_u128(1));
    const BOB: UserId = UserId(Uuid::from_u128(2));

    #[test]
    fn an_owner_sees_own_rows_an_admin_all_nobody_none() {
        assert!(Viewer::Owner(ADA).sees(ADA) && !Viewer::Owner(ADA).sees(BOB));
        assert!(Viewer::Admin(None).sees(ADA) && Viewer::Admin(Some(ADA)).sees(BOB));
        assert!(!Viewer::Nobody.sees(ADA));
    }

    #[test]
    fn only_the_exact_text_makes_an_admin() {
        for text in ["Admin", "ADMIN", "administrator", "admin ", " admin", "", "moderator"] {
            assert_eq!(Viewer::user(ADA, &[Role::parse(text)]), Viewer::Owner(ADA), "{text:?}");
        }
        let both = [Role::User, Role::Admin];
        assert_eq!(Viewer::user(ADA, &both), Viewer::Admin(Some(ADA)));
        assert_eq!(Role::highest(&both), Some(&Role::Admin));
    }
}
