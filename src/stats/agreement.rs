//! Agreement between two coders.

use super::{Estimate, Method, Refusal, Units, wilson};
use serde::Serialize;
use std::collections::BTreeMap;

/// How far two coders agree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// The share of items that both gave the same category, with Wilson's interval.
    pub observed: Estimate,
    /// Agreement beyond what chance would give: 1 is perfect, 0 is what chance gives.
    pub kappa: Estimate,
}

/// Share of agreement and Cohen's kappa (Cohen 1960), unweighted, over the items that both coders
/// coded: one pair of categories an item. `n` counts items.
///
/// Kappa is refused without items, and when both coders used a single common category throughout.
pub fn agreement<C: Ord>(codes: &[(C, C)], level: f64) -> Agreement {
    let n = codes.len() as u64;
    let mut used: BTreeMap<&C, (u64, u64)> = BTreeMap::new();
    let mut equal = 0;
    for (first, second) in codes {
        used.entry(first).or_default().0 += 1;
        used.entry(second).or_default().1 += 1;
        equal += u64::from(first == second);
    }
    let by_chance: i128 = used
        .values()
        .map(|&(first, second)| i128::from(first) * i128::from(second))
        .sum();
    let squared = i128::from(n) * i128::from(n);
    let empty = Estimate::empty(n, Units::Items, Method::CohenKappa);
    let kappa = if n == 0 {
        empty.refused(Refusal::NoTrials)
    } else if by_chance == squared {
        empty.refused(Refusal::NoDisagreementByChance)
    } else {
        // (p_o - p_e) / (1 - p_e) times n^2 above and below: integers until this division.
        let beyond_chance = i128::from(n) * i128::from(equal) - by_chance;
        empty.valued(beyond_chance as f64 / (squared - by_chance) as f64)
    };
    Agreement {
        observed: wilson(equal, n, Units::Items, level),
        kappa,
    }
}
