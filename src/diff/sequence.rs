//! The longest common subsequence of two lists.

use std::ops::Range;

/// Cells of the table of lengths; longer lists than these are taken as wholly different between what
/// they begin and end with.
const LARGEST: usize = 9_000_000;

/// Where two lists differ, in order: what stands in `old` and what in `new` in its place.
pub(super) fn hunks<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(Range<usize>, Range<usize>)> {
    let same = |(a, b): &(&T, &T)| a == b;
    let start = old.iter().zip(new).take_while(same).count();
    let (rest_old, rest_new) = (&old[start..], &new[start..]);
    let backwards = rest_old.iter().rev().zip(rest_new.iter().rev());
    let end = backwards.take_while(same).count();
    let (a, b) = (
        &rest_old[..rest_old.len() - end],
        &rest_new[..rest_new.len() - end],
    );
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let mut put = |i: usize, own: usize, j: usize, other: usize| {
        let (i, j) = (start + i, start + j);
        match found.last_mut() {
            Some((x, y)) if x.end == i && y.end == j => (x.end, y.end) = (i + own, j + other),
            _ => found.push((i..i + own, j..j + other)),
        }
    };
    let width = b.len() + 1;
    if a.is_empty() && b.is_empty() {
        return found;
    }
    if a.is_empty() || b.is_empty() || (a.len() + 1).saturating_mul(width) > LARGEST {
        put(0, a.len(), 0, b.len());
        return found;
    }
    // Length of the longest common subsequence of what follows from i and j.
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == b.len()
            || i < a.len() && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]
        {
            put(i, 1, j, 0);
            i += 1;
        } else {
            put(i, 0, j, 1);
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hunks as text: `-old+new` by position.
    fn told(old: &str, new: &str) -> String {
        let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        let hunks = hunks(&a, &b).into_iter();
        let told = hunks.map(|(x, y)| format!("-{}+{}", &old[x], &new[y]));
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_what_differs_is_told_in_order() {
        assert_eq!(told("abc", "abc"), "");
        assert_eq!(told("", ""), "");
        assert_eq!(told("abc", ""), "-abc+");
        assert_eq!(told("", "abc"), "-+abc");
        assert_eq!(told("axc", "ayc"), "-x+y");
        assert_eq!(told("abcd", "bcde"), "-a+ -+e");
        assert_eq!(told("abcbdab", "bdcaba"), "-a+ -cb+ -+c -+a");
    }

    #[test]
    fn lists_too_long_to_be_compared_differ_as_a_whole() {
        let old: Vec<usize> = (0..4_000).collect();
        let new: Vec<usize> = (0..4_000)
            .map(|number| (number * 7 + 3_999) % 4_001)
            .collect();
        let found = hunks(&old, &new);
        assert_eq!(found, [(0..4_000, 0..4_000)]);
    }
}
