//! What the user says of a file on the command line, where the file alone does not say it.

use casefile::case::{DateOrder, Kind};
use casefile::error::{Problem, Result};
use casefile::import::Hints;
use std::collections::BTreeMap;

/// Answers to what casefile asks about a file; `add` keeps them in case.toml.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Said {
    /// Insist on what one row is: ads, delivery, contacts, accounts, feeds, statements, context,
    /// captures, attachment.
    #[arg(long, value_parser = kind)]
    pub kind: Option<Kind>,
    /// Insist on a format; `casefile help formats` lists them.
    #[arg(long)]
    pub format: Option<String>,
    /// Column map: casefile's name of a column and the heading in the file.
    #[arg(long = "column", value_name = "NAME=HEADING", value_parser = pair)]
    pub columns: Vec<(String, String)>,
    /// Sheet of a workbook.
    #[arg(long)]
    pub sheet: Option<String>,
    /// Row of the headings, from 1.
    #[arg(long)]
    pub header_row: Option<u64>,
    /// What separates the cells of a text file.
    #[arg(long)]
    pub delimiter: Option<char>,
    /// Decimal separator: `.` or `,`.
    #[arg(long)]
    pub decimal: Option<char>,
    /// Order of dates such as 3/4/2024: dmy, mdy or ymd.
    #[arg(long, value_parser = date_order)]
    pub date_order: Option<DateOrder>,
    /// When a cumulative export was taken, as 2024-03-07T18:30.
    #[arg(long)]
    pub snapshot: Option<String>,
    /// The account under test, exactly as a download of messages names it.
    #[arg(long)]
    pub account: Option<String>,
    /// Time zone of local times: an IANA name or an offset.
    #[arg(long)]
    pub timezone: Option<String>,
}

/// Parses the word for a kind.
fn kind(word: &str) -> std::result::Result<Kind, String> {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    Kind::ALL
        .into_iter()
        .find(|kind| kind.name() == word)
        .ok_or_else(|| format!("kinds are: {}", names.join(", ")))
}

fn date_order(word: &str) -> std::result::Result<DateOrder, String> {
    match word {
        "dmy" => Ok(DateOrder::Dmy),
        "mdy" => Ok(DateOrder::Mdy),
        "ymd" => Ok(DateOrder::Ymd),
        _ => Err("orders are: dmy, mdy, ymd".into()),
    }
}

fn pair(text: &str) -> std::result::Result<(String, String), String> {
    let (name, heading) = text
        .split_once('=')
        .ok_or("write it as casefile's name, `=`, and the heading in the file")?;
    Ok((name.trim().to_owned(), heading.to_owned()))
}

impl Said {
    /// As the import rooms take it.
    pub fn hints(&self) -> Result<Hints> {
        let mut columns = BTreeMap::new();
        for (name, heading) in &self.columns {
            if columns.insert(name.clone(), heading.clone()).is_some() {
                return Err(Problem::new(
                    "column-twice",
                    "--column",
                    "the column has two headings",
                )
                .value(name)
                .hint("give each of casefile's columns one heading of the file")
                .into());
            }
        }
        Ok(Hints {
            kind: self.kind,
            format: self.format.clone(),
            columns,
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            delimiter: self.delimiter,
            decimal: self.decimal,
            date_order: self.date_order,
            snapshot: self.snapshot.clone(),
            account: self.account.clone(),
            timezone: self.timezone.clone(),
            ..Hints::default()
        })
    }

    /// As lines of an entry of case.toml, without kind and format, which detection gives.
    pub fn entry(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let order = self.date_order.map(|order| match order {
            DateOrder::Dmy => "dmy",
            DateOrder::Mdy => "mdy",
            DateOrder::Ymd => "ymd",
        });
        let mut out = String::new();
        let mut line = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                out.push_str(&format!("{name} = {value}\n"));
            }
        };
        if !self.columns.is_empty() {
            let pairs: Vec<String> = self
                .columns
                .iter()
                .map(|(name, heading)| format!("{name} = {}", quoted(heading)))
                .collect();
            line("columns", Some(format!("{{ {} }}", pairs.join(", "))));
        }
        line("sheet", self.sheet.as_deref().map(quoted));
        line("header_row", self.header_row.map(|row| row.to_string()));
        let marks = [("delimiter", self.delimiter), ("decimal", self.decimal)];
        for (name, mark) in marks {
            line(name, mark.map(|mark| quoted(&mark.to_string())));
        }
        line("date_order", order.map(quoted));
        line("snapshot", self.snapshot.as_deref().map(quoted));
        line("account", self.account.as_deref().map(quoted));
        line("timezone", self.timezone.as_deref().map(quoted));
        out
    }
}
