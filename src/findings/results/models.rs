//! What the ads of an arm say about ads like them: random effects, resampling, over-dispersion.

use super::*;
use crate::stats::{Refusal, Tau2};

/// Whether every ad went to one side wholly.
pub(super) fn all_or_none(counts: &[(u64, u64)]) -> bool {
    let (k, n) = super::arm::sum(counts);
    n > 0 && (k == 0 || k == n)
}

impl Study<'_> {
    pub(super) fn models(&self, arm: &Arm, counts: &[(u64, u64)]) -> Vec<Quantity> {
        let basis = self.share_basis(arm);
        let label = |what: &str| self.share_label(what, arm);
        let mut list = Vec::new();
        if self.analysis.models {
            list.extend(self.random_effects(&basis, counts, &label));
        }
        if self.analysis.draws {
            let measured = units(self.cube.measure);
            let drawn = stats::cluster_bootstrap(
                counts,
                measured,
                Units::Ads,
                stats::DRAWS,
                self.declared.seed,
                self.level(),
            );
            let pooled = basis.estimated(
                "bootstrap",
                label("pooled share of"),
                drawn.pooled,
                Scale::Share,
            );
            let [low, high, interval] = basis.limits(&pooled, "bootstrap_", Scale::Share);
            list.extend([
                low,
                high,
                Quantity {
                    id: pooled.id,
                    label: format!("bootstrap {}", interval.label),
                    ..interval
                },
            ]);
        }
        list
    }

    fn random_effects(
        &self,
        basis: &Basis,
        counts: &[(u64, u64)],
        label: &dyn Fn(&str) -> String,
    ) -> Vec<Quantity> {
        let mut model = stats::random_effects_share(counts, Units::Ads, Tau2::Reml, self.level());
        if all_or_none(counts) {
            // The logit of each is the work of the halves that were added to its counts.
            for estimate in [&mut model.share, &mut model.prediction, &mut model.tau2] {
                (estimate.value, estimate.low, estimate.high) = (None, None, None);
                estimate.refusal = Some(Refusal::AllOrNone);
            }
            (model.q, model.q_p, model.i2) = (None, None, None);
        }
        let mean = basis.estimated(
            "random_effects",
            label("random-effects mean of the share of"),
            model.share,
            Scale::Share,
        );
        let mut list = basis
            .limits(&mean, "random_effects_", Scale::Share)
            .to_vec();
        let next = basis.estimated(
            "prediction",
            label("share expected of one more ad like these:"),
            model.prediction,
            Scale::Share,
        );
        let [low, high, interval] = basis.limits(&next, "prediction_", Scale::Share);
        list.extend([
            low,
            high,
            Quantity {
                id: next.id.clone(),
                label: label("prediction interval, share expected of one more ad like these:"),
                ..interval
            },
        ]);
        let number = |name: &str, what: &str, scalar: Option<Scalar>| {
            let quantity = basis.described(
                name,
                label(what),
                scalar,
                model.share.method,
                (model.clusters, Units::Ads),
            );
            Quantity {
                why: model
                    .share
                    .refusal
                    .filter(|_| quantity.scalar.is_none())
                    .map(|r| r.sentence().into()),
                ..quantity
            }
        };
        list.extend([
            number(
                "i2",
                "part of the variation that lies between ads (I2), share of",
                model.i2.map(Scalar::Share),
            ),
            number(
                "q",
                "Cochran's Q of the share of",
                model.q.map(Scalar::Number),
            ),
            number(
                "q_p",
                "p-value of Cochran's Q of the share of",
                model.q_p.map(Scalar::P),
            ),
            basis.described(
                "dispersion",
                label("over-dispersion between ads of the share of"),
                stats::overdispersion(counts).map(Scalar::Number),
                Method::Overdispersion,
                (model.clusters, Units::Ads),
            ),
        ]);
        // On the scale of the logit itself: the square root of the variance and of its limits.
        let root = |value: Option<f64>| value.map(f64::sqrt);
        let tau = Estimate {
            value: root(model.tau2.value),
            low: root(model.tau2.low),
            high: root(model.tau2.high),
            ..model.tau2
        };
        let what = label("standard deviation between ads of the logit of the share of");
        let tau = basis.estimated("tau", what, tau, Scale::Number);
        list.extend(basis.limits(&tau, "tau_", Scale::Number));
        list.extend([tau, mean]);
        list
    }
}
