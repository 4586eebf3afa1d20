//! What a family of quantities rests on, and how each of them is named and printed.

use super::*;

/// Which scale an estimate is on, and so how its limits print.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scale {
    Share,
    Points,
    Number,
}

impl Scale {
    pub fn value(self) -> fn(f64) -> Scalar {
        match self {
            Scale::Share => Scalar::Share,
            Scale::Points => Scalar::Points,
            Scale::Number => Scalar::Number,
        }
    }

    pub fn end(self, value: f64, end: End) -> Scalar {
        match self {
            Scale::Share => Scalar::ShareEnd(value, end),
            Scale::Points => Scalar::PointsEnd(value, end),
            Scale::Number => Scalar::NumberEnd(value, end),
        }
    }

    pub fn interval(self, low: f64, high: f64) -> Scalar {
        match self {
            Scale::Share => Scalar::ShareInterval(low, high),
            Scale::Points => Scalar::PointsInterval(low, high),
            Scale::Number => Scalar::NumberInterval(low, high),
        }
    }
}

/// What a family of quantities rests on.
pub(super) struct Basis {
    /// Path above the names, such as `share/child`.
    pub path: String,
    pub rows: Rows,
    pub query: String,
}

impl Basis {
    pub fn plain(&self, name: &str, label: impl Into<String>, scalar: Option<Scalar>) -> Quantity {
        self.resting(Quantity::plain(
            format!("{}/{name}", self.path),
            label,
            scalar,
            self.query.clone(),
        ))
    }

    fn resting(&self, quantity: Quantity) -> Quantity {
        Quantity {
            rows: self.rows.clone(),
            ..quantity
        }
    }

    pub fn estimated(
        &self,
        name: &str,
        label: impl Into<String>,
        estimate: Estimate,
        scale: Scale,
    ) -> Quantity {
        self.resting(Quantity::estimated(
            format!("{}/{name}", self.path),
            label,
            estimate,
            scale.value(),
            self.query.clone(),
        ))
    }

    /// Averages and range of the shares of `units`; `label` completes "pooled share of".
    pub fn clusters(
        &self,
        shares: &ClusterShares,
        units: &str,
        label: &dyn Fn(&str) -> String,
    ) -> Vec<Quantity> {
        let share = |name: &str, what: &str, estimate: Estimate| {
            self.estimated(name, label(what), estimate, Scale::Share)
        };
        let pooled = share("pooled", "pooled share of", shares.pooled);
        let mean = share(
            "mean",
            &format!("mean over {units} of the share of"),
            shares.mean,
        );
        let range = shares.min.value.zip(shares.max.value);
        let mut list = self.limits(&mean, "", Scale::Share).to_vec();
        list.extend(self.limits(&pooled, "pooled_", Scale::Share));
        list.extend([
            share(
                "median",
                &format!("median over {units} of the share of"),
                shares.median,
            ),
            share("min", "lowest share of", shares.min),
            share("max", "highest share of", shares.max),
            Quantity {
                scalar: range.map(|(low, high)| Scalar::ShareRange(low, high)),
                ..share(
                    "range",
                    &format!("range over {units} of the share of"),
                    shares.min,
                )
            },
            pooled,
            mean,
        ]);
        list
    }

    /// A part of a whole: a plain ratio, for which no interval is claimed.
    pub fn ratio(
        &self,
        name: &str,
        label: impl Into<String>,
        (k, n): (u64, u64),
        units: Units,
    ) -> Quantity {
        self.estimated(name, label, stats::ratio(k, n, units), Scale::Share)
    }

    /// Another aspect of a quantity, under its own name.
    pub fn aspect(
        &self,
        of: &Quantity,
        name: &str,
        words: &str,
        scalar: Option<Scalar>,
    ) -> Quantity {
        Quantity {
            id: format!("{}/{name}", self.path),
            label: format!("{words} {}", of.label),
            scalar,
            ..of.clone()
        }
    }

    /// Certain bounds of a value.
    pub fn bounds(&self, name: &str, label: String, bounds: Estimate, scale: Scale) -> Quantity {
        Quantity {
            scalar: bounds
                .low
                .zip(bounds.high)
                .map(|(low, high)| scale.interval(low, high)),
            ..self.estimated(name, label, bounds, scale)
        }
    }

    /// [`Basis::bounds`] with either end as a value of its own, so that an assertion can compare it.
    pub fn bounds_with_ends(
        &self,
        name: &str,
        label: String,
        bounds: Estimate,
        scale: Scale,
    ) -> [Quantity; 3] {
        let both = self.bounds(name, label, bounds, scale);
        let [mut low, mut high, _] = self.limits(&both, &format!("{name}_"), scale);
        for end in [&mut low, &mut high] {
            // An end of what is certain is no estimate.
            end.estimate = both.estimate.map(|own| Estimate {
                value: end.number(),
                ..own
            });
        }
        [both, low, high]
    }

    /// A number that a method gives beside its estimate, with the `n` units that it rests on.
    pub fn described(
        &self,
        name: &str,
        label: impl Into<String>,
        scalar: Option<Scalar>,
        method: Method,
        (n, units): (u64, Units),
    ) -> Quantity {
        let description = method.description();
        let mut quantity = Quantity {
            method: description.name.into(),
            method_source: description.source.into(),
            ..self.plain(name, label, scalar)
        };
        quantity.estimate = Some(Estimate {
            value: quantity.number(),
            low: None,
            high: None,
            level: None,
            k: None,
            n,
            units,
            method,
            p: None,
            refusal: None,
        });
        quantity
    }

    /// Lower limit, upper limit and interval of a quantity, as `<prefix>low`, `<prefix>high` and
    /// `<prefix>interval`.
    pub fn limits(&self, of: &Quantity, prefix: &str, scale: Scale) -> [Quantity; 3] {
        let (low, high) = of.estimate.map_or((None, None), |e| (e.low, e.high));
        let name = |which: &str| format!("{prefix}{which}");
        [
            self.aspect(
                of,
                &name("low"),
                "lower limit of the",
                low.map(|v| scale.end(v, End::Low)),
            ),
            self.aspect(
                of,
                &name("high"),
                "upper limit of the",
                high.map(|v| scale.end(v, End::High)),
            ),
            self.aspect(
                of,
                &name("interval"),
                "interval of the",
                low.zip(high).map(|(l, h)| scale.interval(l, h)),
            ),
        ]
    }
}
