//! The functions of the language.

use super::*;

/// The functions, filters and the printing rule.
pub(super) fn environment(world: &Arc<World>) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    let node = |world: &Arc<World>, name: String, fields: BTreeMap<String, Quantity>| {
        Value::from_object(Node {
            name,
            fields,
            world: world.clone(),
        })
    };

    for (function, path) in [
        ("share", "share"),
        ("impressions", "impressions"),
        ("spend", "spend"),
        ("ads", "ads"),
        ("rate", "rate/contacts"),
    ] {
        let own = world.clone();
        environment.add_function(function, move |arm: String| {
            if own.cube.arm(&arm).is_none() {
                let arms: Vec<&str> = own.cube.arms.iter().map(|arm| arm.id.as_str()).collect();
                return Err(own.complain(format!(
                    "there is no arm `{arm}`; the arms are: {}",
                    arms.join(", ")
                )));
            }
            let fields = own.results.below(&format!("{path}/{arm}"));
            if fields.is_empty() {
                return Err(own.complain(format!(
                    "`{function}('{arm}')` has no values: the case has no data for it"
                )));
            }
            Ok(node(&own, format!("{function}('{arm}')"), fields))
        });
    }
    let own = world.clone();
    environment.add_function("difference", move |first: String, second: String| {
        let fields = own.results.below(&format!("difference/{first}/{second}"));
        if fields.is_empty() {
            let known: Vec<String> = own
                .results
                .differences
                .iter()
                .map(|((a, b), _)| format!("('{a}', '{b}')"))
                .collect();
            return Err(own.complain(format!(
                "there is no difference ('{first}', '{second}'); `[study] contrasts` gives: {}",
                known.join(", ")
            )));
        }
        Ok(node(
            &own,
            format!("difference('{first}', '{second}')"),
            fields,
        ))
    });
    for (function, path, lack) in [
        ("benchmark", "benchmark", "declare `benchmark` in [study]"),
        ("study", "study", ""),
        ("accounts", "accounts", "the case has no accounts table"),
        ("agreement", "agreement", "the case has no contact log"),
    ] {
        let own = world.clone();
        environment.add_function(function, move || {
            let fields = own.results.below(path);
            if fields.is_empty() {
                return Err(own.complain(format!("`{function}()` has no values: {lack}")));
            }
            Ok(node(&own, format!("{function}()"), fields))
        });
    }
    let own = world.clone();
    environment.add_function("contacts", move |options: Kwargs| {
        let option = |name| options.get::<Option<String>>(name);
        let filter = ContactFilter {
            arm: option("arm")?,
            category: option("category")?,
            channel: option("channel")?,
            event: option("event")?,
        };
        if let Err(error) = options.assert_all_used() {
            return Err(own.complain(format!(
                "{}; contacts() takes arm, category, channel and event",
                error.detail().unwrap_or("unknown option")
            )));
        }
        if let Some(arm) = &filter.arm
            && own.cube.arm(arm).is_none()
        {
            let arms: Vec<&str> = own.cube.arms.iter().map(|arm| arm.id.as_str()).collect();
            return Err(own.complain(format!(
                "there is no arm `{arm}`; the arms are: {}",
                arms.join(", ")
            )));
        }
        if !own.cube.contacts.recorded {
            return Err(
                own.complain("`contacts()` has no values: the case has no contact log".into())
            );
        }
        // A category that never occurs is a valid question (the answer is none), unless it is a slip.
        for (what, value, known) in [
            ("category", &filter.category, own.cube.contacts.categories()),
            ("channel", &filter.channel, own.cube.contacts.channels()),
        ] {
            if let Some(value) = value
                && !known.contains(value)
                && let Some(near) = known.iter().find(|other| other.eq_ignore_ascii_case(value))
            {
                return Err(own.complain(format!(
                    "there is no {what} `{value}`; did you mean `{near}`?"
                )));
            }
        }
        let fields = contacts_where(&own.cube, &filter)
            .into_iter()
            .filter_map(|quantity| Some((quantity.id.rsplit('/').next()?.to_owned(), quantity)))
            .collect();
        let parts: Vec<String> = [
            ("arm", &filter.arm),
            ("category", &filter.category),
            ("channel", &filter.channel),
            ("event", &filter.event),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}='{}'", value.as_ref()?)))
        .collect();
        Ok(node(
            &own,
            format!("contacts({})", parts.join(", ")),
            fields,
        ))
    });
    let own = world.clone();
    environment.add_function("feed", move |account: Value, options: Kwargs| {
        let code = options.get::<Option<String>>("code")?;
        options.assert_all_used()?;
        let asked = account.to_string();
        let accounts = &own.cube.feeds.accounts;
        let found = accounts
            .iter()
            .find(|account| account.label == asked || account.number.to_string() == asked);
        let Some(found) = found else {
            return Err(own.complain(format!(
                "there is no test account `{asked}`; the test accounts have the numbers 1 to {}",
                accounts.len()
            )));
        };
        let account = found.number;
        let base = format!("feed/{account}");
        let path = code
            .as_ref()
            .map_or(base.clone(), |code| format!("{base}/{}", slug(code)));
        let name = code.as_ref().map_or_else(
            || format!("feed({account})"),
            |code| format!("feed({account}, code='{code}')"),
        );
        Ok(node(&own, name, own.results.below(&path)))
    });
    let own = world.clone();
    environment.add_function("feeds", move |options: Kwargs| {
        let code = options.get::<Option<String>>("code")?;
        options.assert_all_used()?;
        let path = code.as_ref().map_or_else(
            || "feeds".to_owned(),
            |code| format!("feeds/{}", slug(code)),
        );
        let fields = own.results.below(&path);
        if fields.is_empty() {
            return Err(own.complain(format!(
                "`feeds()` has no values: the codes of the feeds are: {}",
                own.cube.feeds.codes.join(", ")
            )));
        }
        Ok(node(
            &own,
            code.map_or_else(|| "feeds()".into(), |code| format!("feeds(code='{code}')")),
            fields,
        ))
    });
    let own = world.clone();
    environment.add_function("fact", move |id: String| {
        let Some(quantity) = own.facts.get(&id) else {
            let known: Vec<&str> = own.facts.keys().map(String::as_str).collect();
            return Err(own.complain(format!(
                "there is no fact `{id}`; declared are: {}",
                known.join(", ")
            )));
        };
        if own.plain {
            let name = format!("fact('{id}')");
            own.trace().read.push((name, quantity.clone()));
            return Ok(quantity
                .number()
                .map_or_else(|| Value::from(quantity.text()), Value::from));
        }
        Ok(Value::from_object(Printable {
            name: format!("fact('{id}')"),
            quantity: quantity.clone(),
            text: quantity.text(),
        }))
    });
    let own = world.clone();
    environment.add_function("statement", move |id: String| {
        let Some(row) = own.cube.statements.iter().find(|row| row.id == id) else {
            let known: Vec<&str> = own
                .cube
                .statements
                .iter()
                .map(|row| row.id.as_str())
                .collect();
            return Err(own.complain(format!(
                "there is no statement `{id}`; the statements are: {}",
                known.join(", ")
            )));
        };
        Ok(node(
            &own,
            format!("statement('{id}')"),
            fields::statement_fields(row),
        ))
    });
    environment.add_global("case", node(world, "case".into(), world.case.clone()));
    printing::filters(&mut environment, world);
    printing::printing(&mut environment, world);
    environment
}
