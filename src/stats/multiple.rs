//! Several tests at once: p-values adjusted for their number.

/// The p-values adjusted by Holm (1979), in the order given. Rejecting those below a threshold
/// keeps the chance of any false rejection below it, whatever the tests have in common.
///
/// `None` when one of them is not within 0 to 1; none at all stay none.
pub fn holm(p: &[f64]) -> Option<Vec<f64>> {
    let mut adjusted = vec![0.0; p.len()];
    let mut largest = 0.0_f64;
    for (smaller, (place, value)) in ascending(p)?.into_iter().enumerate() {
        largest = largest.max(value * (p.len() - smaller) as f64).min(1.0);
        if let Some(slot) = adjusted.get_mut(place) {
            *slot = largest;
        }
    }
    Some(adjusted)
}

/// The p-values adjusted by Benjamini and Hochberg (1995), in the order given. Rejecting those
/// below a threshold keeps the expected share of false ones among the rejections below it.
///
/// `None` when one of them is not within 0 to 1; none at all stay none.
pub fn benjamini_hochberg(p: &[f64]) -> Option<Vec<f64>> {
    let mut adjusted = vec![0.0; p.len()];
    let mut smallest = 1.0_f64;
    for (smaller, (place, value)) in ascending(p)?.into_iter().enumerate().rev() {
        // The quotient first: it is never below 1, so no p-value is lowered by rounding.
        smallest = smallest.min(value * (p.len() as f64 / (smaller + 1) as f64));
        if let Some(slot) = adjusted.get_mut(place) {
            *slot = smallest;
        }
    }
    Some(adjusted)
}

/// Place and p-value of each, the smallest p-value first.
fn ascending(p: &[f64]) -> Option<Vec<(usize, f64)>> {
    if p.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return None;
    }
    let mut order: Vec<(usize, f64)> = p.iter().copied().enumerate().collect();
    order.sort_by(|first, second| first.1.total_cmp(&second.1));
    Some(order)
}
