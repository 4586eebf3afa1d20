//! Where raw rows are withheld, the tables that the edition publishes of them are counted instead.

use super::Material;
use super::text::literal;

/// A table of the edition, and where its columns stand.
struct Table<'a> {
    path: &'a str,
    headings: &'a [String],
}

impl<'a> Table<'a> {
    fn find(material: &'a Material<'_>, path: &'a str) -> Option<Self> {
        let headings = material.tables.get(path)?;
        Some(Table { path, headings })
    }

    /// The column under a heading.
    fn column(&self, heading: &str) -> Option<String> {
        let index = self.headings.iter().position(|own| own == heading)?;
        Some(format!("c{}", index + 1))
    }

    /// The table as something that can be selected from.
    fn rows(&self) -> String {
        let columns: Vec<String> = (1..=self.headings.len())
            .map(|index| format!("'c{index}': 'VARCHAR'"))
            .collect();
        format!(
            "read_csv({}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', encoding = 'utf-8', null_padding = true,\n  \
             parallel = false, columns = {{{}}})",
            literal(self.path),
            columns.join(", ")
        )
    }
}

/// Statements for contacts by arm, category and channel, from three tables; `None` without the first.
pub(super) fn contacts(material: &Material<'_>) -> Option<String> {
    let by_arm = Table::find(material, "tables/table-contact-rates.csv")?;
    let (label, count, people) = (
        by_arm.column("Arm")?,
        by_arm.column("Contacts")?,
        by_arm.column("People")?,
    );
    let mut out = format!(
        "CREATE OR REPLACE TEMP TABLE published_contacts (path VARCHAR, contacts BIGINT, people BIGINT);\n\
         CREATE OR REPLACE TEMP TABLE published_arms AS\n\
         SELECT clean({label}) AS label, TRY_CAST(clean({count}) AS BIGINT) AS contacts, TRY_CAST(clean({people}) AS BIGINT) AS people\n\
         FROM {};\n",
        by_arm.rows(),
    );
    for (path, kind, heading) in [
        ("tables/table-categories.csv", "category", "Code"),
        ("tables/table-channels.csv", "channel", "Channel"),
    ] {
        let Some(table) = Table::find(material, path) else {
            continue;
        };
        let (Some(name), Some(count), Some(people)) = (
            table.column(heading),
            table.column("Contacts"),
            table.column("People"),
        ) else {
            continue;
        };
        out.push_str(&format!(
            "INSERT INTO published_contacts SELECT '{kind}=' || clean({name}), TRY_CAST(clean({count}) AS BIGINT), TRY_CAST(clean({people}) AS BIGINT)\nFROM {};\n",
            table.rows()
        ));
        for arm in &material.cube.arms {
            let Some(own) = table.column(&format!("{} (contacts)", arm.label)) else {
                continue;
            };
            out.push_str(&format!(
                "INSERT INTO published_contacts SELECT {} || ',{kind}=' || clean({name}), TRY_CAST(clean({own}) AS BIGINT), NULL\nFROM {};\n",
                literal(&format!("arm={}", arm.id)),
                table.rows()
            ));
        }
    }
    if let Some(table) = Table::find(material, "tables/table-people.csv") {
        out.push_str(&format!(
            "INSERT INTO published_contacts SELECT 'people', NULL, count(*) FROM {};\n",
            table.rows()
        ));
    }
    Some(out)
}

/// Statements that read the published table of accounts as if it were the log.
pub(super) fn accounts(material: &Material<'_>) -> Option<String> {
    let table = Table::find(material, "tables/table-accounts.csv")?;
    let name = table.column("Account")?;
    let text = |heading: &str| {
        let cell = table.column(heading);
        cell.map_or_else(|| "NULL".to_owned(), |cell| format!("value_of({cell})"))
    };
    let day = |heading: &str| {
        Some(format!(
            "TRY_CAST(value_of({}) AS DATE)",
            table.column(heading)?
        ))
    };
    Some(format!(
        "-- The raw log of accounts is withheld: the published table has a row for each.\n\
         INSERT INTO account_rows\nSELECT 0, row_number() OVER (), 'account', 9, 9, clean({name}), {}, {}, NULL, {}, {}, {}, {}\nFROM {};\n",
        text("Platform"),
        day("First seen")?,
        text("Holder confirmed by"),
        day("Reported")?,
        day("Removed")?,
        day("Still online on")?,
        table.rows()
    ))
}

/// Statements for items by test account and code, from the published table.
pub(super) fn feeds(material: &Material<'_>) -> Option<String> {
    let table = Table::find(material, "tables/table-feeds.csv")?;
    let (name, items, coded) = (
        table.column("Test account")?,
        table.column("Items")?,
        table.column("Coded (items)")?,
    );
    let number = format!("TRY_CAST(regexp_extract({name}, '[0-9]+$') AS BIGINT)");
    let whole = |cell: &str| format!("TRY_CAST(clean({cell}) AS BIGINT)");
    let mut out = String::from(
        "-- The raw log of feeds is withheld: the published table has a row for each test account.\n\
         CREATE OR REPLACE TEMP TABLE served (number BIGINT, session_number BIGINT, code VARCHAR, items BIGINT, coded BIGINT, k BIGINT);\n",
    );
    for (index, heading) in table.headings.iter().enumerate() {
        let cell = format!("c{}", index + 1);
        let (key, count) = if heading.ends_with("(fraction of coded items)") {
            (
                "NULL".to_owned(),
                format!(
                    "round(TRY_CAST(clean({cell}) AS DOUBLE) * {})::BIGINT",
                    whole(&coded)
                ),
            )
        } else if let Some(code) = heading
            .strip_suffix(" (items)")
            .filter(|code| *code != "Coded")
        {
            (literal(code), whole(&cell))
        } else {
            continue;
        };
        out.push_str(&format!(
            "INSERT INTO served SELECT {number}, NULL, {key}, {}, {}, {count} FROM {};\n",
            whole(&items),
            whole(&coded),
            table.rows()
        ));
    }
    Some(out)
}
