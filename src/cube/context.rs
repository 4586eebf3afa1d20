//! What platforms publish of the ads without saying who saw them. Nothing here is counted: targeting
//! is another thing than delivery.

use super::ads::{Ad, match_ad};
use crate::evidence::{ContextRow, Evidence};

/// A row of context, with the ad of the case that it speaks of.
#[derive(Debug, Clone)]
pub struct ContextLine {
    /// Position of the ad in the cube; `None` for another ad or for an advertiser.
    pub ad: Option<usize>,
    pub row: ContextRow,
}

/// Rows in the order of the ads, those of other ads behind.
pub fn join(evidence: &Evidence, ads: &[Ad]) -> Vec<ContextLine> {
    let mut lines: Vec<ContextLine> = evidence
        .context
        .iter()
        .map(|row| ContextLine {
            ad: row.ad.as_deref().and_then(|name| match_ad(ads, name)),
            row: row.clone(),
        })
        .collect();
    lines.sort_by(|a, b| {
        (a.ad.is_none(), a.ad, &a.row.locator).cmp(&(b.ad.is_none(), b.ad, &b.row.locator))
    });
    lines
}
