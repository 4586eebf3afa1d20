//! Impressions, spend, and contacts for them.

use super::*;

impl<'a> Study<'a> {
    /// Impressions of an arm, unknown gender included; `None` where those of an ad are not known.
    pub fn impressions(&self, arm: &Arm) -> Option<u64> {
        let all: Option<Vec<u64>> = self
            .cube
            .ads_of(arm)
            .map(|ad| ad.impressions.all())
            .collect();
        all.filter(|list| !list.is_empty())
            .map(|list| list.iter().sum())
    }

    /// Impressions, spend and rate of contacts of an arm.
    pub fn exposure(&self, arm: &'a Arm) -> Vec<Quantity> {
        let rows = self.rows(&[arm]);
        let basis = |kind: &str, query: String| Basis {
            path: format!("{kind}/{}", arm.id),
            rows: rows.clone(),
            query,
        };
        let named = |what: &str| format!("{what} arm \u{201C}{}\u{201D}", arm.label);
        let spend = self.cube.spend(arm);
        let mut list = vec![
            basis(
                "impressions",
                format!(
                    "sum of impressions over the last export, ads of arm {}",
                    arm.id
                ),
            )
            .plain(
                "value",
                format!(
                    "impressions of arm \u{201C}{}\u{201D}, unknown gender included",
                    arm.label
                ),
                self.impressions(arm).map(Scalar::Count),
            ),
            basis("ads", format!("distinct ads of arm {}", arm.id)).plain(
                "count",
                named("ads in"),
                Some(Scalar::Count(arm.ads.len() as u64)),
            ),
            basis(
                "spend",
                format!(
                    "sum of the amount spent over the last export, ads of arm {}",
                    arm.id
                ),
            )
            .plain(
                "value",
                named("amount spent on"),
                spend.map(|(micros, currency)| Scalar::Money(micros, currency)),
            ),
        ];
        if self.cube.contacts.recorded {
            list.extend(self.rate(arm, rows));
        }
        list
    }

    fn rate(&self, arm: &Arm, rows: Vec<&Locator>) -> Vec<Quantity> {
        let events: Vec<_> = self
            .cube
            .contacts
            .events
            .iter()
            .filter(|event| {
                let own = event.arm.and_then(|index| self.cube.arms.get(index));
                own.is_some_and(|own| own.id == arm.id)
            })
            .collect();
        let impressions = self.impressions(arm);
        let estimate = stats::poisson_rate(
            events.len() as u64,
            impressions.unwrap_or(0),
            Units::Impressions,
            RATE_PER,
            self.level(),
        );
        let basis = Basis {
            path: format!("rate/contacts/{}", arm.id),
            rows: events
                .iter()
                .map(|event| &event.locator)
                .chain(rows)
                .collect(),
            query: format!(
                "incoming contacts about ads of arm {} / impressions of these ads x {RATE_PER}",
                arm.id
            ),
        };
        let label = format!(
            "contacts per 1,000 impressions, arm \u{201C}{}\u{201D}",
            arm.label
        );
        let mut rate = basis.estimated("value", label, estimate, Scale::Number);
        if impressions.is_none() {
            // Not known is not zero: no count of exposure may be stated.
            rate.estimate = None;
            rate.why =
                Some("The impressions of this arm are not known, so there is no rate.".into());
        }
        let mut list = basis.limits(&rate, "", Scale::Number).to_vec();
        list.push(rate);
        list
    }
}
