//! Quantiles and moments of observed values.

/// A copy in ascending order, or `None` when a value is no finite number.
pub(super) fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(sorted)
}

/// The quantile at `p` (0 to 1) of values in any order, by linear interpolation between order
/// statistics: type 7 of Hyndman and Fan (1996), the default of R, numpy and Excel.
///
/// `None` without values, with a value that is no finite number, or with `p` outside 0 to 1.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let sorted = sorted(values)?;
    let place = sorted.len().checked_sub(1)? as f64 * p;
    let below = place.floor() as usize;
    let low = *sorted.get(below)?;
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    Some(low + (place - place.floor()) * (high - low)).filter(|v| v.is_finite())
}

/// The middle value, or the mean of the middle two.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Lower quartile, median and upper quartile (type 7).
pub fn quartiles(values: &[f64]) -> Option<[f64; 3]> {
    Some([
        quantile(values, 0.25)?,
        median(values)?,
        quantile(values, 0.75)?,
    ])
}

/// The mean, `None` without values or with one that is no finite number.
pub fn mean(values: &[f64]) -> Option<f64> {
    moments(&sorted(values)?).map(|(mean, _)| mean)
}

/// The standard deviation with divisor `n - 1`, `None` for less than two values.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    moments(&sorted(values)?)?.1.map(f64::sqrt)
}

/// Mean and variance with divisor `n - 1` (absent for one value) of values in ascending order,
/// `None` without values.
pub(super) fn moments(sorted: &[f64]) -> Option<(f64, Option<f64>)> {
    let (first, last) = (*sorted.first()?, *sorted.last()?);
    let n = sorted.len() as f64;
    // Equal values are their own mean: a rounded sum must not make them vary.
    if first == last {
        return Some((first, (n > 1.0).then_some(0.0)));
    }
    let mean = sorted.iter().sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|v| (v - mean) * (v - mean)).sum();
    Some((mean, Some(squares / (n - 1.0))))
}
