//! `casefile show`: one expression, with how it was computed.

use super::load;
use super::terminal::{Terminal, safe};
use casefile::error::{Problem, Result};
use casefile::evidence::Evidence;
use casefile::findings::{Language, Quantity, Shown, read_as};
use std::path::PathBuf;
use std::sync::Arc;

/// Evaluate one expression of the report language and say how it was computed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile show \"share('child').pooled\" --case my-case\n  casefile show \"difference('child', 'item').low > 0\"\n\n`casefile help language` lists what can be written."
)]
pub struct Show {
    /// The expression, as it stands between {{ and }} or in `expect`.
    expression: String,
    /// Case folder.
    #[arg(long, default_value = ".")]
    case: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let case = load(&self.case)?;
        let (evidence, cube) = casefile::count(&case)?;
        let results = Arc::new(casefile::findings::compute(&case, &cube));
        let language = Language::new(&case, Arc::new(cube), results);
        let shown = language.show(&self.expression).map_err(|failure| {
            Problem::new("expression", "expression", failure.message)
                .value(self.expression.clone())
                .hint("`casefile help language` lists what can be written")
        })?;
        match shown {
            Shown::Quantity { quantity, .. } if self.json => {
                terminal.line(&json(&quantity, &evidence).to_string())
            }
            Shown::Quantity { quantity, text } => {
                terminal.data(&explain(&quantity, text.as_deref(), &evidence));
            }
            Shown::Node { name, fields } if self.json => {
                let fields: serde_json::Map<String, serde_json::Value> = fields
                    .into_iter()
                    .map(|(field, quantity)| (field, json(&quantity, &evidence)))
                    .collect();
                terminal
                    .line(&serde_json::json!({ "expression": name, "fields": fields }).to_string());
            }
            Shown::Node { name, fields } => {
                terminal.line(&format!("{} has these values:", safe(&name)));
                for (field, quantity) in fields {
                    let text = quantity.text().unwrap_or_else(|| {
                        format!(
                            "no value ({})",
                            quantity.why.as_deref().unwrap_or("the data give none")
                        )
                    });
                    terminal.line(&format!(
                        "  .{field:<26} {:<24} {}",
                        safe(&text),
                        safe(&quantity.label)
                    ));
                }
            }
            Shown::Plain { value, read } if self.json => {
                let read: Vec<_> = read
                    .iter()
                    .map(|quantity| json(quantity, &evidence))
                    .collect();
                terminal.line(&serde_json::json!({ "value": value, "read": read }).to_string());
            }
            Shown::Plain { value, read } => {
                terminal.line(&safe(&value));
                for quantity in read {
                    terminal.line(&format!("  {}", safe(&read_as(&quantity))));
                }
            }
        }
        Ok(0)
    }
}

fn json(quantity: &Quantity, evidence: &Evidence) -> serde_json::Value {
    casefile::findings::as_json(quantity, evidence)
}

/// Down to file, rows and method.
fn explain(quantity: &Quantity, text: Option<&str>, evidence: &Evidence) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        out.push_str(&format!(
            "{name:<10} {}\n",
            casefile::error::printable(value, 4000)
        ))
    };
    line("value", text.unwrap_or("no value"));
    line("id", &quantity.id);
    line("what", &quantity.label);
    line("exactly", &quantity.full());
    line("selection", &quantity.query);
    line("method", &quantity.method);
    line("source", &quantity.method_source);
    if let Some(estimate) = &quantity.estimate {
        for assumption in estimate.method.description().assumptions {
            line("assumes", assumption);
        }
    }
    for (file, rows) in quantity.rows.by_file() {
        if let Some(source) = evidence.source(file) {
            line("file", &format!("{} {file}", source.exhibit));
            line("sha256", &source.sha256.to_string());
            line("rows", &rows);
        }
    }
    out
}
