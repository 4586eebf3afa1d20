// `data/casefile.json`: its shape, and its one form.

/** A digest of 64 hexadecimal digits. */
const DIGEST = {
  read(reader) {
    const digest = parseDigest(TEXT.read(reader));
    if (digest === null) throw new JsonError("not a SHA-256 digest");
    return digest;
  },
};

const same = (...fields) => fields.map(([key, shape]) => [key, key, shape]);

const LIST = record(
  "List",
  same(
    ["casefile", U32],
    ["software", TEXT],
    ["id", TEXT],
    ["version", TEXT],
    ["edition", oneOf(["public", "full"])],
    ["title", TEXT],
    ["publisher", optional(TEXT)],
    ["date", TEXT],
    ["evidence", DIGEST],
    ["custody", optional(record("Custody", same(["entries", U64], ["head", DIGEST]), { strict: true }))],
    ["supersedes", optional(record("Supersedes", same(["sha256", DIGEST], ["correction", TEXT]), { strict: true }))],
    [
      "files",
      listOf(
        record(
          "Listed",
          same(["path", TEXT], ["role", TEXT], ["media_type", TEXT], ["bytes", U64], ["sha256", DIGEST]),
          { strict: true },
        ),
      ),
    ],
    [
      "withheld",
      listOf(
        record(
          "Withheld",
          same(["exhibit", TEXT], ["file", optional(TEXT)], ["bytes", U64], ["sha256", DIGEST], ["reason", TEXT]),
          { strict: true },
        ),
      ),
    ],
  ),
  { strict: true },
);

const VERSION_ALONE = record("Version", same(["casefile", U32]));

/** JSON with two spaces of indent, fields in the order of the shape, those that are null left out. */
function prettyJson(value, indent = "") {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return value.toString();
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((one) => inner + prettyJson(one, inner)).join(",\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).filter(([, one]) => one !== null);
  const written = fields.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${prettyJson(one, inner)}`);
  return `{\n${written.join(",\n")}\n${indent}}`;
}

/** The bytes of `casefile.json` as text; what was read has its fields in the order of the shape. */
const listText = (list) => `${prettyJson(list)}\n`;
