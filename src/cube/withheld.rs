//! What an ads table that is kept out of the public edition must not give away.

use super::ads::Ad;
use crate::evidence::{AdRow, Evidence};
use std::collections::BTreeSet;

/// Numbers the accounts and blocks of an ads table that is kept out of the public edition: their
/// names stand there and nowhere else.
pub(super) fn number(ads: &mut [Ad], evidence: &Evidence) {
    type Name = fn(&mut AdRow) -> &mut Option<String>;
    let withheld = |row: &AdRow| {
        let source = evidence.source(&row.locator.file);
        source.is_some_and(|source| source.withheld)
    };
    let names: [(&str, Name); 2] = [
        ("account", |row| &mut row.account),
        ("block", |row| &mut row.block),
    ];
    for (word, name) in names {
        let mut known = BTreeSet::new();
        for row in ads.iter_mut().filter_map(|ad| ad.declared.as_mut()) {
            if withheld(row) {
                known.extend(name(row).clone());
            }
        }
        let known: Vec<String> = known.into_iter().collect();
        for row in ads.iter_mut().filter_map(|ad| ad.declared.as_mut()) {
            if withheld(row) {
                let slot = name(row);
                let number = slot.as_ref().and_then(|own| known.binary_search(own).ok());
                *slot = number.map(|number| format!("{word} {}", number + 1));
            }
        }
    }
}
