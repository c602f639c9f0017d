use super::hashing::HashSet;

/// Which users were seen at which place, for counting each once.
#[derive(Debug)]
pub(super) enum SeenUsers {
    /// A bit for each user at each place. Of 10,000 users in 16 groups that is 20 kB, which the
    /// innermost cache holds; two threads' bits are joined by "or".
    Bits { words: Vec<u64>, n_words: usize },
    /// Where that would be too many bits.
    Pairs { pairs: HashSet<u64>, counts: Vec<u64> },
}

impl SeenUsers {
    /// `n_places` is `None` where more may come.
    pub(super) fn new(n_places: Option<usize>, n_users: usize, words_max: usize) -> Self {
        let n_words = n_users.div_ceil(64);
        match n_places.and_then(|it| it.checked_mul(n_words)) {
            Some(n) if n <= words_max => Self::Bits { words: vec![0; n], n_words },
            _ => Self::Pairs { pairs: HashSet::default(), counts: Vec::new() },
        }
    }

    /// Notes the users of some rows; without places all are at the first.
    pub(super) fn see(&mut self, users: &[u32], places: Option<&[u32]>) {
        match (self, places) {
            (Self::Bits { words, .. }, None) => {
                let words = words.as_mut_slice();
                for user in users {
                    words[*user as usize / 64] |= 1 << (user % 64);
                }
            }
            (Self::Bits { words, n_words }, Some(places)) => {
                let (words, n_words) = (words.as_mut_slice(), *n_words);
                for (user, place) in users.iter().zip(places) {
                    words[*place as usize * n_words + *user as usize / 64] |= 1 << (user % 64);
                }
            }
            (Self::Pairs { pairs, counts }, None) => {
                for user in users {
                    note(pairs, counts, (0, *user));
                }
            }
            (Self::Pairs { pairs, counts }, Some(places)) => {
                for (place, user) in places.iter().zip(users) {
                    note(pairs, counts, (*place, *user));
                }
            }
        }
    }

    /// Adds what another has seen; `place_of` says where its places are here.
    pub(super) fn merge(&mut self, other: Self, mut place_of: impl FnMut(u32) -> u32) {
        match (self, other) {
            (Self::Bits { words, .. }, Self::Bits { words: others, .. }) => {
                words.iter_mut().zip(others).for_each(|(word, other)| *word |= other);
            }
            (Self::Pairs { pairs, counts }, Self::Pairs { pairs: others, .. }) => {
                let theirs = others.into_iter().map(|it| (place_of((it >> 32) as u32), it as u32));
                theirs.for_each(|it| note(pairs, counts, it));
            }
            // Both were made for the same question.
            (Self::Bits { .. }, Self::Pairs { .. }) | (Self::Pairs { .. }, Self::Bits { .. }) => {}
        }
    }

    /// How many users were seen at a place. Forgets them.
    pub(super) fn take(&mut self, place: u32) -> u64 {
        match self {
            Self::Bits { words, n_words } => {
                let start = place as usize * *n_words;
                let words = &mut words[start..start + *n_words];
                let n_users = words.iter().map(|it| u64::from(it.count_ones())).sum();
                words.fill(0);
                n_users
            }
            Self::Pairs { counts, .. } => counts.get_mut(place as usize).map_or(0, std::mem::take),
        }
    }

    /// Forgets what is left, before the next bucket.
    pub(super) fn clear(&mut self) {
        if let Self::Pairs { pairs, counts } = self {
            pairs.clear();
            counts.clear();
        }
    }
}

fn note(pairs: &mut HashSet<u64>, counts: &mut Vec<u64>, (place, user): (u32, u32)) {
    if pairs.insert(u64::from(place) << 32 | u64::from(user)) {
        let place = place as usize;
        counts.resize(counts.len().max(place + 1), 0);
        counts[place] += 1;
    }
}
