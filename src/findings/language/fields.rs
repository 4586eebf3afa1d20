//! Fields that are declared or quoted rather than computed.

use super::*;

pub(super) fn facts(case: &Case) -> BTreeMap<String, Quantity> {
    case.facts
        .iter()
        .map(|fact| {
            let scalar = match &fact.value {
                toml::Value::Integer(value) => match u64::try_from(*value) {
                    Ok(count) => Scalar::Count(count),
                    Err(_) => Scalar::Number(*value as f64),
                },
                toml::Value::Datetime(value) => value
                    .to_string()
                    .parse()
                    .map_or_else(|_| Scalar::Text(value.to_string()), Scalar::Date),
                toml::Value::Float(value) => Scalar::Text(value.to_string()),
                toml::Value::String(value) => Scalar::Text(value.clone()),
                other => Scalar::Text(other.to_string()),
            };
            let id = fact.id.get_ref();
            let mut quantity = Quantity::plain(
                format!("fact/{id}"),
                format!("declared fact \u{201C}{id}\u{201D}"),
                Some(scalar),
                "[[fact]] in case.toml",
            );
            quantity.method = "Declared, not computed".into();
            quantity.method_source = fact.source.clone();
            (id.clone(), quantity)
        })
        .collect()
}

pub(super) fn case_fields(case: &Case) -> BTreeMap<String, Quantity> {
    let field = |name: &str, scalar| {
        let mut quantity = Quantity::plain(
            format!("case/{name}"),
            format!("{name} of the case"),
            Some(scalar),
            "[case] in case.toml",
        );
        quantity.method = "Declared, not computed".into();
        quantity.method_source = "case.toml".into();
        (name.to_owned(), quantity)
    };
    BTreeMap::from([
        field("date", Scalar::Date(case.meta.date.0)),
        field("title", Scalar::Text(case.meta.title.clone())),
        field("version", Scalar::Text(case.meta.version.clone())),
        field("id", Scalar::Text(case.meta.id.clone())),
    ])
}

pub(super) fn statement_fields(row: &StatementRow) -> BTreeMap<String, Quantity> {
    let field = |name: &str, scalar: Option<Scalar>| {
        let mut quantity = Quantity::plain(
            format!("statement/{}/{name}", row.id),
            format!("{name} of the statement \u{201C}{}\u{201D}", row.id),
            scalar,
            "row of the statements table",
        )
        .resting_on([&row.locator]);
        quantity.method = "Quoted as recorded".into();
        quantity.method_source = "Statements table of the case.".into();
        if quantity.scalar.is_none() {
            quantity.why = Some("The statements table has no entry here.".into());
        }
        (name.to_owned(), quantity)
    };
    let text = |value: &Option<String>| value.clone().map(Scalar::Text);
    BTreeMap::from([
        field("source", Some(Scalar::Text(row.source.clone()))),
        field("role", text(&row.role)),
        field("date", row.date.map(Scalar::Date)),
        field("asked", text(&row.asked)),
        field("asked_on", row.asked_on.map(Scalar::Date)),
        field("quote", text(&row.quote)),
    ])
}
