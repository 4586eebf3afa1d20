//! Which cell, read how, becomes which column of the table of a file's kind.

use super::Material;
use super::files::File;
use super::text::{literal, optional};
use crate::case::Kind;
use crate::evidence::DeliveryRow;
use std::collections::BTreeMap;

impl File<'_> {
    /// The table of the kind, and the expressions for its columns.
    pub(super) fn row(&self, material: &Material<'_>) -> (&'static str, Vec<String>) {
        match self.source.kind {
            Kind::Ads => ("ads_rows", self.ads()),
            Kind::Contacts => ("contact_rows", self.contacts()),
            Kind::Accounts => ("account_rows", self.accounts()),
            Kind::Feeds => ("feed_rows", self.feeds()),
            _ => ("delivery_rows", self.delivery(material)),
        }
    }

    fn start(&self) -> Vec<String> {
        vec![self.number.to_string(), "n".into(), self.first_cell()]
    }

    fn start_of_people(&self) -> Vec<String> {
        let mut start = self.start();
        start.push(self.filled());
        start.push(self.reading.headings.len().to_string());
        start
    }

    fn delivery(&self, material: &Material<'_>) -> Vec<String> {
        let rows: Vec<&DeliveryRow> = material
            .evidence
            .delivery
            .iter()
            .filter(|row| *row.locator.file == *self.source.file)
            .take(1)
            .collect();
        let given = given_dates(rows.first().copied());
        let date = |name: &str| match (self.position(name), given.get(name)) {
            (None, Some(day)) => format!("DATE {}", literal(day)),
            _ => self.date(name),
        };
        let further = material.evidence.notices.iter().any(|notice| {
            notice.code == "further-breakdown" && *notice.locator.file == *self.source.file
        });
        let whole_row = if further {
            format!(
                "concat_ws(chr(31), {})",
                self.columns(|index| format!("coalesce(clean(c{index}), '')"))
            )
        } else {
            "NULL".into()
        };
        let mut values = self.start();
        values.push(whole_row);
        for name in ["platform", "account", "campaign", "ad_set", "ad"] {
            values.push(self.read("name_of", name));
        }
        values.push(self.ad_number());
        values.extend(["period_start", "period_end", "day"].map(date));
        values.push(self.word("age", "fold"));
        values.push(self.read("name_of", "gender"));
        values.push(match self.position("gender") {
            Some(_) if self.reading.words.contains_key("gender") => "word_gender.meaning".into(),
            _ => "NULL".into(),
        });
        for name in ["region", "country", "placement", "device"] {
            values.push(self.read("name_of", name));
        }
        for name in ["impressions", "reach", "clicks", "results"] {
            values.push(self.marked("tally", name));
        }
        values.push(self.marked("billionths", "share"));
        values.push(self.marked("amount", "spend"));
        values.push(match (self.cell("currency"), &self.reading.currency) {
            (Some(cell), Some(own)) => format!("coalesce(value_of({cell}), {})", literal(own)),
            (Some(cell), None) => format!("value_of({cell})"),
            (None, own) => optional(own.as_deref()),
        });
        values.push("false".into());
        values
    }

    /// The platform's number of an ad, which tells ads of one name apart.
    fn ad_number(&self) -> String {
        let wanted = if self.position("ad").is_some() {
            "ad id"
        } else {
            "ad set id"
        };
        let own = |(title, column): &(String, Option<&str>)| {
            column.is_none() && title.trim().to_lowercase() == wanted
        };
        self.reading
            .headings
            .iter()
            .position(own)
            .map_or_else(|| "NULL".into(), |index| format!("clean(c{})", index + 1))
    }

    fn ads(&self) -> Vec<String> {
        let mut values = self.start_of_people();
        values.push(self.read("value_of", "ad"));
        for name in ["account", "arm", "block"] {
            values.push(self.read("name_of", name));
        }
        values.extend(["start", "end"].map(|name| self.date(name)));
        values
    }

    fn contacts(&self) -> Vec<String> {
        let mut values = self.start_of_people();
        values.push(self.read("value_of", "event_id"));
        values.push(self.read("clean", "received_at_local"));
        for name in [
            "channel",
            "direction",
            "ad_id",
            "sender_pseudonym",
            "sender_key",
            "event_type",
        ] {
            values.push(self.read("value_of", name));
        }
        for name in ["code_primary", "code_secondary", "second_coder_code"] {
            values.push(match self.cell(name) {
                Some(cell) => format!("codes_of({cell})"),
                None => "[]".into(),
            });
        }
        values.push(self.read("value_of", "coder"));
        values.push(self.read("value_of", "second_coder"));
        values
    }

    fn accounts(&self) -> Vec<String> {
        let mut values = self.start_of_people();
        values.push(self.read("value_of", "account"));
        values.push(self.read("value_of", "platform"));
        values.extend(["first_seen", "identified"].map(|name| self.date(name)));
        values.push(self.read("value_of", "confirmed_by"));
        values.extend(["reported", "removed", "last_checked"].map(|name| self.date(name)));
        values
    }

    fn feeds(&self) -> Vec<String> {
        let mut values = self.start_of_people();
        values.push(self.read("value_of", "account"));
        values.push(self.read("value_of", "session"));
        values.push(self.date("date"));
        values.push(match self.cell("codes") {
            Some(cell) => format!("codes_of({cell})"),
            None => "[]".into(),
        });
        values.push(self.cell("coded").map_or_else(
            || "NULL".into(),
            |cell| {
                format!(
                    "CASE WHEN fold({cell}) IN ('yes', 'y', 'true', '1', 'x') THEN true WHEN fold({cell}) IN ('no', 'n', 'false', '0') THEN false END"
                )
            },
        ));
        values
    }
}

/// First and last day that stand above the headings or in the name of the file, for all its rows.
fn given_dates(row: Option<&DeliveryRow>) -> BTreeMap<&'static str, String> {
    let Some(row) = row else {
        return BTreeMap::new();
    };
    [
        ("period_start", row.period_start),
        ("period_end", row.period_end),
    ]
    .into_iter()
    .filter_map(|(name, day)| Some((name, day?.to_string())))
    .collect()
}
