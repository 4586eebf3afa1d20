//! The functions of the language.

use super::*;

/// The arm with this id.
fn arm_of<'w>(world: &'w World, id: &str) -> Result<&'w Arm, Error> {
    world.cube.arm(id).ok_or_else(|| {
        let arms: Vec<&str> = world.cube.arms.iter().map(|arm| arm.id.as_str()).collect();
        world.complain(format!(
            "there is no arm `{id}`; the arms are: {}",
            arms.join(", ")
        ))
    })
}

/// Complains of options that a function does not take.
fn all_used(world: &World, function: &str, takes: &str, options: &Kwargs) -> Result<(), Error> {
    options.assert_all_used().map_err(|error| {
        world.complain(format!(
            "{}; {function}() takes {takes}",
            error.detail().unwrap_or("unknown option")
        ))
    })
}

/// Which rate is meant, as it stands in a path.
fn rate_of(world: &World, options: &Kwargs) -> Result<String, Error> {
    let option = |name, usual: &str| -> Result<String, Error> {
        Ok(options
            .get::<Option<String>>(name)?
            .unwrap_or_else(|| usual.to_owned()))
    };
    let (of, per) = (option("of", "contacts")?, option("per", "impressions")?);
    match (of.as_str(), per.as_str()) {
        ("contacts" | "people", "impressions") => Ok(of),
        ("contacts" | "people", "spend") => Ok(format!("{of}-per-spend")),
        _ => Err(world.complain(format!(
            "there is no rate of `{of}` per `{per}`: `of` is contacts or people, `per` is impressions or spend"
        ))),
    }
}

impl World {
    /// A value with fields.
    fn fields(self: &Arc<Self>, name: String, fields: BTreeMap<String, Quantity>) -> Value {
        Value::from_object(Node {
            name,
            fields,
            world: self.clone(),
        })
    }

    /// A value with the fields that were just computed.
    fn value(self: &Arc<Self>, name: String, quantities: Vec<Quantity>) -> Value {
        let named =
            |quantity: Quantity| Some((quantity.id.rsplit('/').next()?.to_owned(), quantity));
        self.fields(name, quantities.into_iter().filter_map(named).collect())
    }

    /// A value with the fields that stand below a path of the results.
    fn node(
        self: &Arc<Self>,
        function: &str,
        arguments: &[&str],
        path: &str,
    ) -> Result<Value, Error> {
        let written: Vec<String> = arguments
            .iter()
            .map(|argument| format!("'{argument}'"))
            .collect();
        let name = format!("{function}({})", written.join(", "));
        let fields = self.results.below(path);
        if fields.is_empty() {
            let lack = match function {
                "accounts" => "the case has no accounts table, or one group of accounts only",
                "rate" | "rate_ratio" | "agreement" => {
                    "the case has no contact log, or not what it is set to"
                }
                "distance" => "an ad of these arms has no ages",
                _ => "the case has no data for it",
            };
            return Err(self.complain(format!("`{name}` has no values: {lack}")));
        }
        Ok(self.fields(name, fields))
    }

    /// A value of two arms that the case compares.
    fn pair(
        self: &Arc<Self>,
        function: &str,
        path: &str,
        first: &str,
        second: &str,
    ) -> Result<Value, Error> {
        for arm in [first, second] {
            arm_of(self, arm)?;
        }
        let compared = |((a, b), _): &((String, String), _)| a == first && b == second;
        if !self.results.differences.iter().any(compared) {
            let known: Vec<String> = self
                .results
                .differences
                .iter()
                .map(|((a, b), _)| format!("('{a}', '{b}')"))
                .collect();
            return Err(self.complain(format!(
                "there is no {function} ('{first}', '{second}'); `[study] contrasts` gives: {}; swap the arms, or declare the contrast",
                known.join(", ")
            )));
        }
        self.node(
            function,
            &[first, second],
            &format!("{path}/{first}/{second}"),
        )
    }
}

/// The functions, filters and the printing rule.
pub(super) fn environment(world: &Arc<World>) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    let own = world.clone();
    environment.add_function("share", move |arm: String, options: Kwargs| {
        let filter = ShareFilter {
            age: options.get("age")?,
            account: options.get("account")?,
            day: options.get("day")?,
        };
        all_used(&own, "share", "age, account and day", &options)?;
        let found = arm_of(&own, &arm)?;
        if filter == ShareFilter::default() {
            return own.node("share", &[&arm], &format!("share/{arm}"));
        }
        let name = format!("share('{arm}'{})", filter.written());
        let quantities = share_where(&own.study, &own.cube, own.results.analysis, found, &filter);
        let quantities = quantities.map_err(|lack| own.complain(format!("`{name}`: {lack}")))?;
        Ok(own.value(name, quantities))
    });
    for (function, path) in [
        ("impressions", "impressions"),
        ("spend", "spend"),
        ("ads", "ads"),
    ] {
        let own = world.clone();
        environment.add_function(function, move |arm: String| {
            arm_of(&own, &arm)?;
            own.node(function, &[&arm], &format!("{path}/{arm}"))
        });
    }
    let own = world.clone();
    environment.add_function("rate", move |arm: String, options: Kwargs| {
        let kind = rate_of(&own, &options)?;
        all_used(&own, "rate", "of and per", &options)?;
        arm_of(&own, &arm)?;
        own.node("rate", &[&arm], &format!("rate/{kind}/{arm}"))
    });
    let own = world.clone();
    environment.add_function(
        "rate_ratio",
        move |first: String, second: String, options: Kwargs| {
            let kind = rate_of(&own, &options)?;
            all_used(&own, "rate_ratio", "of and per", &options)?;
            own.pair("rate_ratio", &format!("rate_ratio/{kind}"), &first, &second)
        },
    );
    for function in ["difference", "ratio", "odds_ratio", "distance"] {
        let own = world.clone();
        environment.add_function(function, move |first: String, second: String| {
            own.pair(function, function, &first, &second)
        });
    }
    let own = world.clone();
    environment.add_function("two_ads", move |first: String, second: String| {
        let name = format!("two_ads('{first}', '{second}')");
        let quantities = two_ads(&own.study, &own.cube, &first, &second);
        let quantities = quantities.map_err(|lack| own.complain(format!("`{name}`: {lack}")))?;
        Ok(own.value(name, quantities))
    });
    let own = world.clone();
    environment.add_function("benchmark", move |arm: Option<String>| {
        if own.study.benchmark.is_none() {
            return Err(
                own.complain("`benchmark()` has no values: declare `benchmark` in [study]".into())
            );
        }
        let Some(arm) = arm else {
            return own.node("benchmark", &[], "benchmark");
        };
        arm_of(&own, &arm)?;
        own.node("benchmark", &[&arm], &format!("benchmark/{arm}"))
    });
    for function in ["study", "agreement"] {
        let own = world.clone();
        environment.add_function(function, move || own.node(function, &[], function));
    }
    let own = world.clone();
    environment.add_function("accounts", move |options: Kwargs| {
        let by = options.get::<Option<String>>("by")?;
        all_used(&own, "accounts", "by", &options)?;
        let Some(by) = by else {
            return own.node("accounts", &[], "accounts");
        };
        let known = ["platform", "confirmed", "reported"];
        if !known.contains(&by.as_str()) {
            let message = format!(
                "accounts are compared by {}, not by `{by}`",
                known.join(", ")
            );
            return Err(own.complain(message));
        }
        own.node("accounts", &[&by], &format!("accounts/by-{by}"))
    });
    let own = world.clone();
    environment.add_function("contacts", move |options: Kwargs| {
        let option = |name| options.get::<Option<String>>(name);
        let filter = ContactFilter {
            arm: option("arm")?,
            category: option("category")?,
            channel: option("channel")?,
            event: option("event")?,
        };
        all_used(
            &own,
            "contacts",
            "arm, category, channel and event",
            &options,
        )?;
        if let Some(arm) = &filter.arm {
            arm_of(&own, arm)?;
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
        let quantities = contacts_where(&own.cube, &filter);
        let parts: Vec<String> = [
            ("arm", &filter.arm),
            ("category", &filter.category),
            ("channel", &filter.channel),
            ("event", &filter.event),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}='{}'", value.as_ref()?)))
        .collect();
        Ok(own.value(format!("contacts({})", parts.join(", ")), quantities))
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
        Ok(own.fields(name, own.results.below(&path)))
    });
    let own = world.clone();
    environment.add_function("feeds", move |options: Kwargs| {
        let option = |name| options.get::<Option<String>>(name);
        let (code, unit) = (option("code")?, option("unit")?);
        all_used(&own, "feeds", "code and unit", &options)?;
        let base = match unit.as_deref() {
            None | Some("account") => "feeds",
            Some("session") => "feeds/by-session",
            Some(other) => {
                return Err(own.complain(format!(
                    "the unit of feeds is account or session, not `{other}`"
                )));
            }
        };
        let path = code
            .as_ref()
            .map_or_else(|| base.to_owned(), |code| format!("{base}/{}", slug(code)));
        let fields = own.results.below(&path);
        if fields.is_empty() {
            return Err(own.complain(format!(
                "`feeds()` has no values: the codes of the feeds are: {}",
                own.cube.feeds.codes.join(", ")
            )));
        }
        let written: Vec<String> = [("code", &code), ("unit", &unit)]
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}='{}'", value.as_ref()?)))
            .collect();
        Ok(own.fields(format!("feeds({})", written.join(", ")), fields))
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
        Ok(own.fields(format!("statement('{id}')"), fields::statement_fields(row)))
    });
    environment.add_global("case", world.fields("case".into(), world.case.clone()));
    printing::filters(&mut environment, world);
    printing::printing(&mut environment, world);
    environment
}
