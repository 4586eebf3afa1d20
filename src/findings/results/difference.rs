//! How two arms differ.

use super::*;

impl<'a> Study<'a> {
    pub fn difference(&self, first: &'a Arm, second: &'a Arm) -> (ShareDifference, Vec<Quantity>) {
        let difference = stats::share_difference(
            &self.counts(first),
            &self.counts(second),
            Units::Ads,
            self.level(),
            self.analysis.tests.then_some(self.case.study.seed),
        );
        let between = format!(
            "\u{201C}{}\u{201D} minus \u{201C}{}\u{201D}",
            first.label, second.label
        );
        let basis = Basis {
            path: format!("difference/{}/{}", first.id, second.id),
            rows: self.rows(&[first, second]),
            query: self.query(&format!(
                "ads of arms {} and {}; mean over the ads of each arm, then the difference",
                first.id, second.id
            )),
        };
        let label = format!(
            "difference in the mean share of {} per ad, {between}",
            self.people()
        );
        let value = basis.estimated("value", label, difference.mean, Scale::Points);
        let label = format!(
            "difference in pooled shares of {}, {between}",
            self.people()
        );
        let pooled = basis.estimated("pooled", label, difference.pooled, Scale::Points);
        let mut list = basis.limits(&value, "", Scale::Points).to_vec();
        list.extend(basis.limits(&pooled, "pooled_", Scale::Points));
        if let Some(test) = difference.test {
            let description = test.method.description();
            let tested = |name: &str, words: &str, scalar| Quantity {
                // The interval is that of the difference, not of its test.
                estimate: None,
                method: description.name.into(),
                method_source: description.source.into(),
                ..basis.aspect(&value, name, words, Some(scalar))
            };
            list.push(tested("p", "two-sided p-value of the", Scalar::P(test.p)));
            list.push(tested(
                "arrangements",
                "arrangements looked at to test the",
                Scalar::Count(test.arrangements),
            ));
        }
        list.extend([value, pooled]);
        (difference, list)
    }
}
