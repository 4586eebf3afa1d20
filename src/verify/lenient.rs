//! JSON of others, read as far as the format speaks of it.
//!
//! Read into types and not into a tree of values: a key that stands twice is an error, since readers
//! disagree on which one counts, and a file of nothing but brackets cannot fill the memory.

use crate::bundle::format::MOST_ENTRIES;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

/// Reads a JSON text in which no object has a key twice, not even where nothing is read of it.
pub(super) fn read<'t, T: Deserialize<'t>>(text: &'t str) -> serde_json::Result<T> {
    // What has too much in it is refused before every key is looked at.
    let value = serde_json::from_str(text)?;
    serde_json::from_str::<Unique>(text)?;
    Ok(value)
}

/// The most keys of one object; no description has a hundred. All of them are kept for a while.
const MOST_KEYS: usize = 10_000;

/// Any value without a key that stands twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Unique;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_unit<E>(self) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Unique, A::Error> {
                while values.next_element::<Unique>()?.is_some() {}
                Ok(Unique)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<Unique, A::Error> {
                let mut keys = BTreeSet::new();
                while let Some(key) = values.next_key::<String>()? {
                    if keys.len() == MOST_KEYS {
                        return Err(A::Error::custom(format!(
                            "an object of more than {MOST_KEYS} keys"
                        )));
                    }
                    values.next_value::<Unique>()?;
                    if let Some(key) = keys.replace(key) {
                        return Err(A::Error::custom(format!("the key `{key}` stands twice")));
                    }
                }
                Ok(Unique)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A value that should be a text or a number. What it is otherwise is not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Field {
    #[default]
    Missing,
    Text(String),
    Number(u64),
    Other,
}

impl Field {
    pub fn text(&self) -> Option<&str> {
        match self {
            Field::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<u64> {
        match self {
            Field::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Field, E> {
                Ok(Field::Text(text.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Field, E> {
                Ok(Field::Number(number))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Field, E> {
                Ok(Field::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Field, E> {
                Ok(Field::Other)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Field, E> {
                Ok(Field::Other)
            }

            fn visit_unit<E>(self) -> Result<Field, E> {
                Ok(Field::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Field, A::Error> {
                while values.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Field::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<Field, A::Error> {
                while values.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Field::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A reference to an entity, `{"@id": "..."}` and nothing else: more in the same place would be a
/// second, hidden description of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    #[serde(rename = "@id")]
    pub id: Box<str>,
}

/// One value or several: JSON-LD writes a single one with or without brackets.
/// Of more than `MOST` none is read.
#[derive(Debug, Clone)]
pub(super) struct Several<T, const MOST: usize = LONGEST>(pub Vec<T>);

/// A bundle has no more files, each with an entity of its own; there may be others, such as people.
const LONGEST: usize = 2 * MOST_ENTRIES;

impl<T, const MOST: usize> Default for Several<T, MOST> {
    fn default() -> Self {
        Several(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Several<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values<T, const MOST: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Values<T, MOST> {
            type Value = Several<T, MOST>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list, a text or an object")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Several<T, MOST>, E> {
                Ok(Several(vec![T::deserialize(StrDeserializer::new(text))?]))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Several<T, MOST>, A::Error> {
                let value = T::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Several(vec![value]))
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Several<T, MOST>, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    if values.len() == MOST {
                        return Err(A::Error::custom(format!("a list of more than {MOST}")));
                    }
                    values.push(value);
                }
                Ok(Several(values))
            }
        }
        deserializer.deserialize_any(Values::<T, MOST>(PhantomData))
    }
}
