// JSON of others, read as far as the format speaks of it.

/** The most keys of one object; no description has a hundred. All of them are kept for a while. */
const MOST_KEYS = 10_000;

/** Any value in which no object has a key twice, not even where nothing is read of it. */
const UNIQUE = {
  expected: "any value",
  text: () => null,
  whole: () => null,
  floating: () => null,
  boolean: () => null,
  null: () => null,
  list(state, reader) {
    while (reader.another(state)) reader.any(UNIQUE);
    return null;
  },
  object(state, reader) {
    const keys = new Set();
    for (let key = reader.key(state); key !== null; key = reader.key(state)) {
      if (keys.size === MOST_KEYS) throw new JsonError(`an object of more than ${MOST_KEYS} keys`);
      reader.colon();
      reader.any(UNIQUE);
      if (keys.has(key)) throw new JsonError(`the key \`${key}\` stands twice`);
      keys.add(key);
    }
    return null;
  },
};

/** `{value}` of a JSON text in which no object has a key twice, or `{error}`. */
function readUniqueJson(bytes, shape) {
  // What has too much in it is refused before every key is looked at.
  const read = readJson(bytes, shape);
  if (read.error) return read;
  const { error } = readJson(bytes, { read: (reader) => reader.any(UNIQUE) });
  return error ? { error } : read;
}

/** A value that should be a text or a number: what it is otherwise is not kept. */
const FIELD_SHAPE = {
  expected: "any value",
  text: (text) => ({ text }),
  whole: (number) => (number >= 0n ? { number } : {}),
  floating: () => ({}),
  boolean: () => ({}),
  null: () => ({}),
  list(state, reader) {
    while (reader.another(state)) reader.ignore();
    return {};
  },
  object(state, reader) {
    while (reader.key(state) !== null) {
      reader.colon();
      reader.ignore();
    }
    return {};
  },
};
const FIELD = { shape: FIELD_SHAPE, missing: () => ({}), read: (reader) => reader.any(FIELD_SHAPE) };

/** A reference to an entity, `{"@id": "..."}` and nothing else: more in the same place would be a second,
 * hidden description of it. */
const REFERENCE = record("Reference", [["@id", "id", TEXT]], { strict: true });

/** One value or several: JSON-LD writes a single one with or without brackets. Of more than `most` none is
 * read: a bundle has no more files, each with an entity of its own; there may be others, such as people. */
function several(inner, most = 2 * MOST_ENTRIES, more = {}) {
  const shape = {
    expected: "a list, a text or an object",
    text(text, reader) {
      if (inner.shape.text) return [inner.shape.text(text, reader)];
      throw new JsonError(`invalid type: string ${debugText(text)}, expected ${inner.shape.expected}`);
    },
    object: (state, reader) => [inner.shape.object(state, reader)],
    list(state, reader) {
      const values = [];
      while (reader.another(state)) {
        const value = inner.read(reader);
        if (values.length === most) throw new JsonError(`a list of more than ${most}`);
        values.push(value);
      }
      return values;
    },
  };
  return { ...more, read: (reader) => reader.any(shape) };
}

/** The same where it may be absent. */
const severalOrNone = (inner, most) => several(inner, most, { missing: () => [] });
