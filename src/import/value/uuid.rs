//! `uuid` as `PostgreSQL`'s `string_to_uuid` reads it.

use uuid::Uuid;

use super::quoted;

/// Any case, in braces or not, a dash after any group of four digits or none. No blanks.
pub(in crate::import) fn parse(text: &str) -> Result<Uuid, String> {
    digits(text.as_bytes()).map(Uuid::from_bytes).ok_or_else(|| format!("{} is not a uuid", quoted(text)))
}

fn digits(text: &[u8]) -> Option<[u8; 16]> {
    let mut rest = match text.strip_prefix(b"{") {
        Some(inner) => inner.strip_suffix(b"}")?,
        None => text,
    };
    let mut bytes = [0; 16];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let (&[high, low], after) = rest.split_first_chunk::<2>()?;
        *byte = digit(high)? << 4 | digit(low)?;
        rest = match after {
            [b'-', after @ ..] if index % 2 == 1 && index < 15 => after,
            _ => after,
        };
    }
    rest.is_empty().then_some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, valid: bool) {
        let expected = Uuid::from_u128(0x550e_8400_e29b_41d4_a716_4466_5544_0000);
        match parse(text) {
            Ok(id) => assert!(valid && id == expected, "{text}"),
            Err(reason) => assert!(!valid && reason.contains("is not a uuid"), "{text}: {reason}"),
        }
    }

    #[test]
    fn a_uuid_has_any_case_braces_and_dashes_between_groups_of_four() {
        check("550e8400-e29b-41d4-a716-446655440000", true);
        check("550E8400E29B41D4A716446655440000", true);
        check("{550e8400-E29b-41d4-a716-446655440000}", true);
        check("550e-8400e29b41d4-a716446655440000", true);
    }

    #[test]
    fn all_else_is_no_uuid() {
        check("user-uuid-here", false);
        check("", false);
        check("{550e8400-e29b-41d4-a716-446655440000", false);
        check("550e8400-e29b-41d4-a716-446655440000}", false);
        check(" 550e8400-e29b-41d4-a716-446655440000", false);
        check("550e8400-e29b-41d4-a716-446655440000-", false);
        check("550e8400e29b41d4a71644665544000-0", false);
        check("55-0e8400-e29b-41d4-a716-446655440000", false);
        check("550e8400-e29b-41d4-a716-44665544000g", false);
    }
}
