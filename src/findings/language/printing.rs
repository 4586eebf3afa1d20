//! Filters, and what may be printed.

use super::*;
use crate::numbers::End;

pub(super) fn filters(environment: &mut Environment<'static>, world: &Arc<World>) {
    let own = world.clone();
    let filter = move |name: &'static str,
                       value: &Value,
                       print: &dyn Fn(&Quantity, &Scalar) -> Option<String>|
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
            Some(scalar) => match print(&printable.quantity, scalar) {
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
        own("pct", value, &|quantity, scalar| match scalar {
            // A percentage of a handful would look like more than it is.
            Scalar::Share(_) if quantity.is_of_few() => quantity.text(),
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
        own("count", value, &|_, scalar| {
            if let Scalar::Count(count) = scalar {
                Some(numbers::count(*count))
            } else {
                None
            }
        })
    });
    let own = filter.clone();
    environment.add_filter("words", move |value: &Value| {
        own("words", value, &|quantity, scalar| match scalar {
            Scalar::Count(count) => words::count(*count),
            Scalar::Share(_) if quantity.is_of_few() => quantity.text(),
            Scalar::Share(share) => Some(words::share(*share)),
            Scalar::ShareRange(low, high) | Scalar::ShareInterval(low, high) => {
                Some(words::range(*low, *high))
            }
            Scalar::ShareEnd(share, End::Low) => Some(words::at_most(*share).into()),
            Scalar::ShareEnd(share, End::High) => Some(words::at_least(*share).into()),
            _ => None,
        })
    });
    let own = filter.clone();
    environment.add_filter("money", move |value: &Value| {
        own("money", value, &|_, scalar| {
            if let Scalar::Money(micros, currency) = scalar {
                Some(numbers::money(micros.0, currency))
            } else {
                None
            }
        })
    });
    environment.add_filter("date", move |value: &Value| {
        filter("date", value, &|_, scalar| {
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
pub(super) fn printing(environment: &mut Environment<'static>, world: &Arc<World>) {
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
