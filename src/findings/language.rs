//! The report language: minijinja expressions over the results of a case.
//!
//! In prose, a field gives a value that prints itself and enters the ledger of numbers; nothing
//! else that holds a digit can be printed. In assertions, a field gives a plain number, and each
//! field that was read is remembered, so that a missing value fails the assertion instead of
//! comparing as something.

use super::quantity::{Quantity, Scalar};
use super::results::{ContactFilter, Results, contacts_where};
use super::words;
use crate::case::Case;
use crate::cube::{Cube, slug};
use crate::evidence::StatementRow;
use crate::numbers;
use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Marks where a number stands in rendered text: `OPEN index CLOSE`. Private-use characters are
/// refused in prose, so nothing else can be taken for a mark.
pub const OPEN: char = '\u{E000}';
pub const CLOSE: char = '\u{E001}';

/// What evaluation leaves behind.
#[derive(Debug, Default)]
struct Trace {
    /// Numbers printed, in order: the ledger.
    printed: Vec<(String, Quantity)>,
    /// Quantities read by an assertion.
    read: Vec<Quantity>,
    /// What went wrong, in our words; more exact than the engine's own message.
    complaints: Vec<String>,
    /// Whether a value that the data do not give was to be printed.
    missing: bool,
}

/// Everything that expressions can name.
struct World {
    cube: Arc<Cube>,
    results: Arc<Results>,
    facts: BTreeMap<String, Quantity>,
    case: BTreeMap<String, Quantity>,
    /// Whether fields give plain numbers (assertions) or values that print (prose).
    plain: bool,
    trace: Mutex<Trace>,
}

impl World {
    fn trace(&self) -> std::sync::MutexGuard<'_, Trace> {
        self.trace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn complain(&self, message: String) -> Error {
        self.trace().complaints.push(message.clone());
        Error::new(ErrorKind::InvalidOperation, message)
    }
}

/// A value with fields, such as `share('child')`.
struct Node {
    /// As written: `share('child')`.
    name: String,
    fields: BTreeMap<String, Quantity>,
    world: Arc<World>,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}

impl Object for Node {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let Some(quantity) = self.fields.get(key) else {
            let names: Vec<&str> = self.fields.keys().map(String::as_str).collect();
            let known = if names.is_empty() {
                "it has no values here".into()
            } else {
                format!("it has: {}", names.join(", "))
            };
            self.world
                .trace()
                .complaints
                .push(format!("`{}` has no `{key}`; {known}", self.name));
            return None;
        };
        if !self.world.plain {
            return Some(Value::from_object(Printable {
                name: format!("{}.{key}", self.name),
                quantity: quantity.clone(),
                text: quantity.text(),
            }));
        }
        self.world.trace().read.push(Quantity {
            label: format!("{}.{key}", self.name),
            ..quantity.clone()
        });
        Some(match (&quantity.scalar, quantity.number()) {
            (Some(Scalar::Count(count)), _) => Value::from(*count),
            (_, Some(number)) => Value::from(number),
            (Some(Scalar::Date(date)), _) => Value::from(date.to_string()),
            (Some(Scalar::Text(text)), _) => Value::from(text.clone()),
            _ => Value::from(()),
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A quantity on its way to the page.
#[derive(Debug, Clone)]
struct Printable {
    name: String,
    quantity: Quantity,
    /// `None` where there is no value.
    text: Option<String>,
}

impl Object for Printable {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.text.is_some()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.as_deref().unwrap_or("no value"))
    }
}

/// The language over one case.
pub struct Language {
    prose: (Arc<World>, Environment<'static>),
    plain: (Arc<World>, Environment<'static>),
}

/// What an expression is.
pub enum Shown {
    /// A value with fields.
    Node {
        name: String,
        fields: Vec<(String, Quantity)>,
    },
    Quantity(Box<Quantity>),
    /// The outcome of a comparison or calculation, with the values that were read.
    Plain {
        value: String,
        read: Vec<Quantity>,
    },
}

/// Why an expression or template failed.
#[derive(Debug, Clone)]
pub struct Failure {
    pub message: String,
    /// Byte range in the source, where known.
    pub range: Option<std::ops::Range<usize>>,
    /// Whether the expression is sound and the data give it no value.
    pub missing: bool,
}

/// The result of an assertion.
pub struct Judgement {
    pub holds: bool,
    pub read: Vec<Quantity>,
    /// Fields that were read and have no value.
    pub missing: Vec<Quantity>,
}

impl Language {
    pub fn new(case: &Case, cube: Arc<Cube>, results: Arc<Results>) -> Self {
        let facts = facts(case);
        let meta = case_fields(case);
        let make = |plain| {
            let world = Arc::new(World {
                cube: cube.clone(),
                results: results.clone(),
                facts: facts.clone(),
                case: meta.clone(),
                plain,
                trace: Mutex::default(),
            });
            let environment = environment(&world);
            (world, environment)
        };
        Language {
            prose: make(false),
            plain: make(true),
        }
    }

    /// Renders prose. Numbers come out as marks (see [`OPEN`]) into the ledger that is returned
    /// beside the text: printed form and quantity of each.
    pub fn render(
        &self,
        name: &str,
        source: &str,
    ) -> Result<(String, Vec<(String, Quantity)>), Failure> {
        let (world, environment) = &self.prose;
        *world.trace() = Trace::default();
        let rendered = environment.render_named_str(name, source, ());
        let trace = std::mem::take(&mut *world.trace());
        match rendered {
            Ok(text) => Ok((text, trace.printed)),
            Err(error) => Err(failure(&error, &trace)),
        }
    }

    /// Whether the source can be parsed, before anything is known of the data.
    pub fn parse(source: &str) -> Result<(), Failure> {
        let environment = Environment::empty();
        let parsed = environment
            .template_from_named_str("prose", source)
            .map(|_| ());
        parsed.map_err(|error| failure(&error, &Trace::default()))
    }

    /// Evaluates an assertion.
    pub fn judge(&self, expression: &str) -> Result<Judgement, Failure> {
        let (world, environment) = &self.plain;
        *world.trace() = Trace::default();
        let value = environment
            .compile_expression(expression)
            .and_then(|compiled| compiled.eval(()));
        let trace = std::mem::take(&mut *world.trace());
        let value = match value {
            Ok(value) if trace.complaints.is_empty() => value,
            Ok(_) => {
                return Err(Failure {
                    message: trace.complaints.join("; "),
                    range: None,
                    missing: false,
                });
            }
            Err(error) => return Err(failure(&error, &trace)),
        };
        let missing: Vec<Quantity> = trace
            .read
            .iter()
            .filter(|quantity| quantity.scalar.is_none())
            .cloned()
            .collect();
        let Ok(holds) = bool::try_from(value.clone()) else {
            let message = format!(
                "an assertion is true or false; this one gives `{value}`: compare it with something"
            );
            return Err(Failure {
                message,
                range: None,
                missing: false,
            });
        };
        if trace.read.is_empty() {
            let message =
                "this assertion reads no value of the case, so it can never fail".to_owned();
            return Err(Failure {
                message,
                range: None,
                missing: false,
            });
        }
        Ok(Judgement {
            holds: holds && missing.is_empty(),
            read: trace.read,
            missing,
        })
    }

    /// Evaluates an expression to explain it.
    pub fn show(&self, expression: &str) -> Result<Shown, Failure> {
        let (world, environment) = &self.prose;
        *world.trace() = Trace::default();
        let value = environment
            .compile_expression(expression)
            .and_then(|compiled| compiled.eval(()));
        let trace = std::mem::take(&mut *world.trace());
        if let Ok(value) = &value {
            if let Some(node) = value.downcast_object_ref::<Node>() {
                return Ok(Shown::Node {
                    name: node.name.clone(),
                    fields: node.fields.clone().into_iter().collect(),
                });
            }
            if let Some(printable) = value.downcast_object_ref::<Printable>() {
                return Ok(Shown::Quantity(Box::new(printable.quantity.clone())));
            }
        }
        if !trace.complaints.is_empty() {
            return Err(Failure {
                message: trace.complaints.join("; "),
                range: None,
                missing: false,
            });
        }
        // Arithmetic and comparisons work on plain numbers.
        let (world, environment) = &self.plain;
        *world.trace() = Trace::default();
        let value = environment
            .compile_expression(expression)
            .and_then(|compiled| compiled.eval(()));
        let trace = std::mem::take(&mut *world.trace());
        match value {
            Ok(value) if trace.complaints.is_empty() => Ok(Shown::Plain {
                value: plain(&value),
                read: trace.read,
            }),
            Ok(_) => Err(Failure {
                message: trace.complaints.join("; "),
                range: None,
                missing: false,
            }),
            Err(error) => Err(failure(&error, &trace)),
        }
    }
}

/// A plain value in words: the engine would write `True`.
fn plain(value: &Value) -> String {
    bool::try_from(value.clone()).map_or_else(|_| value.to_string(), |truth| truth.to_string())
}

fn failure(error: &Error, trace: &Trace) -> Failure {
    let message = match trace.complaints.first() {
        Some(complaint) => complaint.clone(),
        None => error.detail().map_or_else(
            || error.kind().to_string(),
            |detail| format!("{}: {detail}", error.kind()),
        ),
    };
    Failure {
        message,
        range: error.range(),
        missing: trace.missing,
    }
}

fn facts(case: &Case) -> BTreeMap<String, Quantity> {
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

fn case_fields(case: &Case) -> BTreeMap<String, Quantity> {
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

fn statement_fields(row: &StatementRow) -> BTreeMap<String, Quantity> {
    let field = |name: &str, scalar: Option<Scalar>| {
        let mut quantity = Quantity::plain(
            format!("statement/{}/{name}", row.id),
            format!("{name} of the statement \u{201C}{}\u{201D}", row.id),
            scalar,
            "row of the statements table",
        )
        .resting_on([&row.locator]);
        quantity.method = "Quoted as recorded".into();
        quantity.method_source = row
            .reference
            .clone()
            .unwrap_or_else(|| "Statements table of the case.".into());
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

/// The functions, filters and the printing rule.
fn environment(world: &Arc<World>) -> Environment<'static> {
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
                .keys()
                .map(|(a, b)| format!("('{a}', '{b}')"))
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
    environment.add_function("feed", move |account: String, options: Kwargs| {
        let code = options.get::<Option<String>>("code")?;
        options.assert_all_used()?;
        let known: Vec<&str> = own
            .cube
            .feeds
            .accounts
            .iter()
            .map(|account| account.label.as_str())
            .collect();
        if !known.contains(&account.as_str()) {
            return Err(own.complain(format!(
                "there is no test account `{account}`; the test accounts are: {}",
                known.join(", ")
            )));
        }
        let base = format!("feed/{}", slug(&account));
        let path = code
            .as_ref()
            .map_or(base.clone(), |code| format!("{base}/{}", slug(code)));
        let name = code.as_ref().map_or_else(
            || format!("feed('{account}')"),
            |code| format!("feed('{account}', code='{code}')"),
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
            own.trace().read.push(Quantity {
                label: format!("fact('{id}')"),
                ..quantity.clone()
            });
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
            statement_fields(row),
        ))
    });
    environment.add_global("case", node(world, "case".into(), world.case.clone()));
    filters(&mut environment, world);
    printing(&mut environment, world);
    environment
}

fn filters(environment: &mut Environment<'static>, world: &Arc<World>) {
    let own = world.clone();
    let filter = move |name: &'static str,
                       value: &Value,
                       print: &dyn Fn(&Scalar) -> Option<String>|
          -> Result<Value, Error> {
        let Some(printable) = value.downcast_object_ref::<Printable>() else {
            // In assertions filters change nothing: the number stays a number.
            return if own.plain {
                Ok(value.clone())
            } else {
                Err(own.complain(format!(
                    "`| {name}` takes a value of the report language, not `{value}`"
                )))
            };
        };
        let text = match &printable.quantity.scalar {
            Some(scalar) => match print(scalar) {
                Some(text) => Some(text),
                None => {
                    return Err(own.complain(format!(
                        "`{}` cannot be printed with `| {name}`",
                        printable.name
                    )));
                }
            },
            None => None,
        };
        Ok(Value::from_object(Printable {
            text,
            ..printable.clone()
        }))
    };
    let filter = Arc::new(filter);
    let own = filter.clone();
    environment.add_filter("pct", move |value: &Value, digits: Option<u8>| {
        let digits = digits.map(|digits| usize::from(digits.min(6)));
        own("pct", value, &|scalar| match scalar {
            Scalar::Share(share) => Some(numbers::percent(*share, digits.unwrap_or(1))),
            Scalar::ShareEnd(share, end) => {
                Some(numbers::percent_end(*share, *end, digits.unwrap_or(1)))
            }
            Scalar::PointsEnd(difference, end) => {
                Some(numbers::points_end(*difference, *end, digits.unwrap_or(1)))
            }
            Scalar::ShareRange(low, high) => {
                Some(numbers::percent_range(*low, *high, digits.unwrap_or(0)))
            }
            Scalar::ShareInterval(low, high) => {
                Some(numbers::percent_range(*low, *high, digits.unwrap_or(1)))
            }
            Scalar::Points(difference) => Some(numbers::points(*difference, digits.unwrap_or(1))),
            Scalar::PointsInterval(low, high) => {
                Some(numbers::points_range(*low, *high, digits.unwrap_or(1)))
            }
            _ => None,
        })
    });
    let own = filter.clone();
    environment.add_filter("count", move |value: &Value| {
        own("count", value, &|scalar| {
            if let Scalar::Count(count) = scalar {
                Some(numbers::count(*count))
            } else {
                None
            }
        })
    });
    let own = filter.clone();
    environment.add_filter("words", move |value: &Value| {
        own("words", value, &|scalar| {
            if let Scalar::Count(count) = scalar {
                words::count(*count)
            } else {
                None
            }
        })
    });
    let own = filter.clone();
    environment.add_filter("money", move |value: &Value| {
        own("money", value, &|scalar| {
            if let Scalar::Money(micros, currency) = scalar {
                Some(numbers::money(micros.0, currency))
            } else {
                None
            }
        })
    });
    environment.add_filter("date", move |value: &Value| {
        filter("date", value, &|scalar| {
            if let Scalar::Date(date) = scalar {
                Some(numbers::date_words(*date))
            } else {
                None
            }
        })
    });
    if world.plain {
        environment.add_filter("abs", |value: f64| value.abs());
    }
}

/// What may be printed: values of the language into the ledger, and words without a digit.
fn printing(environment: &mut Environment<'static>, world: &Arc<World>) {
    let own = world.clone();
    environment.set_formatter(move |out, _state, value| {
        if let Some(printable) = value.downcast_object_ref::<Printable>() {
            let Some(text) = &printable.text else {
                let why = printable.quantity.why.clone().unwrap_or_else(|| "the data give none".into());
                own.trace().missing = true;
                return Err(own.complain(format!("`{}` has no value: {why}", printable.name)));
            };
            let mut trace = own.trace();
            let index = trace.printed.len();
            trace.printed.push((text.clone(), printable.quantity.clone()));
            return write_out(out, &format!("{OPEN}{index}{CLOSE}"));
        }
        if let Some(node) = value.downcast_object_ref::<Node>() {
            let names: Vec<String> = node.fields.keys().map(|name| format!(".{name}")).collect();
            return Err(own.complain(format!("`{}` is not one number; say which: {}", node.name, names.join(" "))));
        }
        match value.as_str() {
            Some(text) if !text.chars().any(char::is_numeric) => write_out(out, text),
            _ => Err(own.complain(format!("`{value}` is typed by hand, not computed; name a value of the case, or declare a [[fact]] with its source"))),
        }
    });
}

fn write_out(out: &mut minijinja::Output, text: &str) -> Result<(), Error> {
    out.write_str(text)
        .map_err(|_| Error::new(ErrorKind::WriteFailure, "the text could not be written"))
}
