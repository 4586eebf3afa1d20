//! The report language: minijinja expressions over the results of a case.
//!
//! In prose, a field gives a value that prints itself and enters the ledger of numbers; nothing
//! else that holds a digit can be printed. In assertions, a field gives a plain number, and each
//! field that was read is remembered, so that a missing value fails the assertion instead of
//! comparing as something.

mod fields;
mod functions;
mod printing;

use super::quantity::{Quantity, Scalar};
use super::results::{ContactFilter, Results, ShareFilter, contacts_where, share_where, two_ads};
use super::words;
use crate::case::{Case, Study};
use crate::cube::{Arm, Cube, slug};
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
    /// Quantities read by an assertion, with the expression that named each.
    read: Vec<(String, Quantity)>,
    /// What went wrong, in our words; more exact than the engine's own message.
    complaints: Vec<String>,
    /// Whether a value that the data do not give was to be printed.
    missing: bool,
}

/// Everything that expressions can name.
struct World {
    study: Arc<Study>,
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
        if matches!(
            quantity.scalar,
            Some(
                Scalar::ShareRange(..)
                    | Scalar::ShareInterval(..)
                    | Scalar::PointsInterval(..)
                    | Scalar::NumberInterval(..)
            )
        ) {
            self.world.trace().complaints.push(format!(
                "`{}.{key}` has two ends and cannot be compared or calculated with: name one of them, such as .low, .high, .min or .max",
                self.name
            ));
            return None;
        }
        self.world
            .trace()
            .read
            .push((format!("{}.{key}", self.name), quantity.clone()));
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
    /// One value, and how it prints with the filters of the expression.
    Quantity {
        quantity: Box<Quantity>,
        text: Option<String>,
    },
    /// The outcome of a comparison or calculation, with the values that were read.
    Plain { value: String, read: Vec<Quantity> },
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
    /// What was read, labelled by the expression that names it.
    pub read: Vec<Quantity>,
    /// The same with their own labels.
    pub values: Vec<Quantity>,
    /// Fields that were read and have no value.
    pub missing: Vec<Quantity>,
}

impl Language {
    pub fn new(case: &Case, cube: Arc<Cube>, results: Arc<Results>) -> Self {
        let facts = fields::facts(case);
        let meta = fields::case_fields(case);
        let study = Arc::new(case.study.clone());
        let make = |plain| {
            let world = Arc::new(World {
                study: study.clone(),
                cube: cube.clone(),
                results: results.clone(),
                facts: facts.clone(),
                case: meta.clone(),
                plain,
                trace: Mutex::default(),
            });
            let environment = functions::environment(&world);
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

    /// The quantities that prose prints, up to the first that has no value.
    pub fn printed(&self, source: &str) -> Vec<Quantity> {
        let (world, environment) = &self.prose;
        *world.trace() = Trace::default();
        // What fails here failed, or was missing, for a reason that this world brings with it.
        let _ = environment.render_named_str("prose", source, ());
        let trace = std::mem::take(&mut *world.trace());
        trace
            .printed
            .into_iter()
            .map(|(_, quantity)| quantity)
            .collect()
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
            .filter(|(_, quantity)| quantity.scalar.is_none())
            .cloned()
            .map(by_expression)
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
            values: trace
                .read
                .iter()
                .map(|(_, quantity)| quantity.clone())
                .collect(),
            read: trace.read.into_iter().map(by_expression).collect(),
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
                return Ok(Shown::Quantity {
                    quantity: Box::new(printable.quantity.clone()),
                    text: printable.text.clone(),
                });
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
                read: trace.read.into_iter().map(by_expression).collect(),
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

/// A quantity under the expression that named it.
fn by_expression((name, quantity): (String, Quantity)) -> Quantity {
    Quantity {
        label: name,
        ..quantity
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
