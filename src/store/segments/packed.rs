//! Whole numbers in few bytes.
//!
//! A list is its least number, a step, and for each number how many steps it is above the least, in as few
//! of 0, 1, 2, 4 or 8 bytes as the greatest needs. Credits with two decimals take two bytes so, and codes
//! as many as their dictionary asks for; any `i64` can stand in a list. All is little-endian.

/// The least number, the step, the bytes of a number.
const HEAD: usize = 8 + 8 + 1;

/// Appends the numbers to `to`.
pub(in crate::store) fn pack(numbers: impl Iterator<Item = i64> + Clone, to: &mut Vec<u8>) {
    let least = numbers.clone().min().unwrap_or_default();
    // Exact also where the difference is no `i64`.
    let above = numbers.map(|it| it.wrapping_sub(least).cast_unsigned());
    let (mut step, mut greatest) = (0, 0);
    for it in above.clone() {
        greatest = it.max(greatest);
        if step != 1 && (step == 0 || it % step != 0) {
            step = common_divisor(step, it);
        }
    }
    let step = step.max(1);
    let width = width_of(greatest / step);
    to.extend_from_slice(&least.to_le_bytes());
    to.extend_from_slice(&step.to_le_bytes());
    to.push(width);
    // Of each width its own loop, and a division only where there is something to divide by.
    let steps = |it: u64| if step == 1 { it } else { it / step };
    match width {
        0 => {}
        1 => to.extend(above.map(|it| steps(it) as u8)),
        2 => above.for_each(|it| to.extend_from_slice(&(steps(it) as u16).to_le_bytes())),
        4 => above.for_each(|it| to.extend_from_slice(&(steps(it) as u32).to_le_bytes())),
        _ => above.for_each(|it| to.extend_from_slice(&steps(it).to_le_bytes())),
    }
}

/// Takes `n` numbers off the front of `from` and appends what `make` makes of them. `None` if they are not
/// there.
pub(in crate::store) fn unpack<T>(
    from: &mut &[u8],
    n: usize,
    to: &mut Vec<T>,
    make: impl Fn(i64) -> T,
) -> Option<()> {
    let (head, rest) = from.split_at_checked(HEAD)?;
    let least = i64::from_le_bytes(head[..8].try_into().ok()?);
    let step = u64::from_le_bytes(head[8..16].try_into().ok()?);
    let width = head[16];
    if !matches!(width, 0 | 1 | 2 | 4 | 8) {
        return None;
    }
    let (bytes, rest) = rest.split_at_checked(n.checked_mul(usize::from(width))?)?;
    *from = rest;
    let number = |steps: u64| make(least.wrapping_add(steps.wrapping_mul(step).cast_signed()));
    match width {
        0 => to.extend((0..n).map(|_| number(0))),
        1 => to.extend(bytes.iter().map(|it| number(u64::from(*it)))),
        2 => to.extend(chunks(bytes).map(|it| number(u64::from(u16::from_le_bytes(it))))),
        4 => to.extend(chunks(bytes).map(|it| number(u64::from(u32::from_le_bytes(it))))),
        _ => to.extend(chunks(bytes).map(|it| number(u64::from_le_bytes(it)))),
    }
    Some(())
}

fn chunks<const N: usize>(bytes: &[u8]) -> impl ExactSizeIterator<Item = [u8; N]> {
    bytes.as_chunks().0.iter().copied()
}

fn width_of(number: u64) -> u8 {
    match number {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    }
}

fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(numbers: &[i64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack(numbers.iter().copied(), &mut bytes);
        bytes
    }

    fn unpacked(bytes: &[u8], n: usize) -> Option<Vec<i64>> {
        let (mut from, mut numbers) = (bytes, Vec::new());
        unpack(&mut from, n, &mut numbers, |it| it)?;
        from.is_empty().then_some(numbers)
    }

    #[track_caller]
    fn check(numbers: &[i64], bytes_each: usize) {
        let bytes = packed(numbers);
        assert_eq!(bytes.len(), HEAD + bytes_each * numbers.len(), "{numbers:?}");
        assert_eq!(unpacked(&bytes, numbers.len()).unwrap(), numbers);
        // Cut off or lengthened, it is nothing.
        assert_eq!(unpacked(&bytes[..bytes.len() - 1], numbers.len()), None);
        assert_eq!(unpacked(&[&bytes[..], &[0]].concat(), numbers.len()), None);
    }

    #[test]
    fn numbers_come_back_and_take_few_bytes() {
        check(&[], 0);
        check(&[7, 7, 7], 0);
        check(&[i64::MIN], 0);
        check(&[0, 255], 1);
        check(&[-3_000_000_000, -2_000_000_000, 252_000_000_000], 1);
        check(&[0, 1, 256], 2);
        check(&[10_000_000, 3_000_000_000, -500_000_000], 2);
        check(&[1, 2, 0x1_0002], 4);
        check(&[1, 2, 0x1_0000_0002], 8);
        check(&[i64::MIN, i64::MAX], 1);
        check(&[i64::MIN, 0, i64::MAX], 8);
    }

    #[test]
    fn any_list_comes_back_and_any_bytes_do_no_harm() {
        let mut dice = fastrand::Rng::with_seed(1);
        for _ in 0..2_000 {
            let n = dice.usize(..40);
            let (step, bound) = (dice.i64(1..1_000), 1_i64 << dice.u32(1..62));
            let numbers: Vec<i64> = (0..n).map(|_| dice.i64(-bound..bound).wrapping_mul(step)).collect();
            let mut bytes = packed(&numbers);
            assert_eq!(unpacked(&bytes, n).unwrap(), numbers);
            for _ in 0..3 {
                let at = dice.usize(..bytes.len());
                bytes[at] = dice.u8(..);
                unpacked(&bytes, dice.usize(..50));
            }
        }
    }
}
