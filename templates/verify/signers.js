// Whose signatures count: OpenSSH's allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS).

/** What is wrong with a file of those whom the verifier trusts, a line each. */
class Unusable extends Error {
  constructor(faults) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** Reads an allowed_signers file. Entries with `cert-authority`, `valid-after` or `valid-before` are read
 * and never match: a verdict must be the same on every day. Throws Unusable with each line that cannot be
 * read: a misspelt signer must not silently become an untrusted one. */
function parseSigners(text) {
  const entries = [];
  const wrong = [];
  // A file saved by an editor on Windows may start with a byte order mark.
  lines(text.replace(/^\uFEFF/, "")).forEach((whole, index) => {
    const line = whole.replace(/^[ \t\r]+|[ \t\r]+$/g, "");
    if (line === "" || line.startsWith("#")) return;
    try {
      entries.push({ line: index + 1, ...parseSigner(line) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      wrong.push(`line ${index + 1}: ${error.message}`);
    }
  });
  if (wrong.length > 0) throw new Unusable(wrong);
  return entries;
}

/** The principals of the first entry that vouches for the key, `{principal}`, or why none does, `{reason}`. */
function findSigner(entries, key) {
  const reasons = [];
  for (const entry of entries) {
    if (!sameBytes(entry.key.blob, key.blob)) continue;
    const reason = refusalOf(entry);
    if (reason === null) return { principal: entry.principals };
    reasons.push(`line ${entry.line} ${reason}`);
  }
  if (reasons.length > 0) return { reason: reasons.join("; ") };
  if (entries.length === 0) return { reason: "the list of allowed signers is empty" };
  if (entries.length === 1) return { reason: "the only allowed signer has another key" };
  return { reason: `none of the ${entries.length} allowed signers has this key` };
}

/** Why the entry does not vouch for its key, or null if it does. */
function refusalOf({ principals, options }) {
  if (options["cert-authority"]) return "has the key as a certificate authority, and certificates are not read";
  for (const name of ["valid-after", "valid-before"]) {
    if (options[name] !== undefined) return `has the key with ${name}="${options[name]}", and no clock is read here`;
  }
  const { namespaces } = options;
  if (namespaces !== undefined && !matchesList(NAMESPACE, namespaces)) {
    return `allows the key for the namespaces "${namespaces}", not for ${NAMESPACE}`;
  }
  // A list of exclusions alone names nobody (ssh_config(5), PATTERNS).
  if (principals.split(",").every((one) => one.startsWith("!"))) return "names no principal, only exclusions";
  return null;
}

/** Reads one line that is neither empty nor a comment. */
function parseSigner(text) {
  // ssh-keygen ends a line at a NUL; nobody can see what the others do.
  if (/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(text)) throw new Refused("holds a control character");
  let parts;
  if (text.startsWith('"')) {
    parts = splitOnce(text.slice(1), '"');
    if (parts === null) throw new Refused("the quote around the principals is not closed");
  } else {
    parts = /^([^ \t]*)[ \t](.*)$/s.exec(text)?.slice(1) ?? null;
    if (parts === null) throw new Refused("the key is missing");
  }
  const [principals, after] = parts;
  if (principals.split(",").some((one) => /^!*$/.test(one))) {
    throw new Refused(`empty principal in \`${principals}\``);
  }
  const rest = after.replace(/^[ \t]+/, "");
  if (rest === "") throw new Refused("the key is missing");
  // As ssh-keygen does: what does not begin with a key type is taken as options.
  if (KEY_TYPES.includes(rest.split(/[ \t]/)[0])) return { principals, options: {}, key: parseSignerKey(rest) };
  const end = endOfOptions(rest);
  return { principals, options: parseOptions(rest.slice(0, end)), key: parseSignerKey(rest.slice(end)) };
}

/** Reads the key type and the base64 key. The comment that may follow is not kept. */
function parseSignerKey(text) {
  const [type, data] = text.split(/[ \t]/).filter((word) => word !== "");
  if (type === undefined) throw new Refused("the key is missing");
  if (!KEY_TYPES.includes(type)) throw new Refused(`unknown key type \`${type}\``);
  if (data === undefined) throw new Refused("the base64 text of the key is missing");
  try {
    const bytes = fromBase64(data);
    if (bytes === null) throw new Refused("Base64 encoding error: invalid Base64 encoding");
    const key = readKey(bytes);
    if (key.type !== type) throw new Refused("unknown algorithm");
    return key;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(`the key cannot be read: ${error.message}`);
  }
}

/** Where the options end: at the first white space outside quotes (sshkey_advance_past_options in OpenSSH). */
function endOfOptions(text) {
  let quoted = false;
  let escaped = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '"' && !escaped) quoted = !quoted;
    else if ((c === " " || c === "\t") && !quoted) return at;
    escaped = c === "\\";
  }
  if (quoted) throw new Refused("a quote in the options is not closed");
  return text.length;
}

/** Reads the options of an entry (sshsigopt_parse in OpenSSH): names regardless of case, values in quotes,
 * each at most once. */
function parseOptions(text) {
  const options = {};
  let rest = text;
  for (;;) {
    const name = /^[^=,]*/.exec(rest)[0];
    let after = rest.slice(name.length);
    const lower = name.replace(/[A-Z]/g, (c) => c.toLowerCase());
    if (lower === "cert-authority") options[lower] = true;
    else if (["namespaces", "valid-after", "valid-before"].includes(lower)) {
      const [value, following] = quotedValue(name, after);
      if (options[lower] !== undefined) throw new Refused(`option \`${name}\` is given twice`);
      if (lower !== "namespaces" && !/^(?:\d{8}|\d{12}|\d{14})[Zz]?$/.test(value)) {
        throw new Refused(`option \`${name}\` has no time of the form YYYYMMDD[HHMM[SS]][Z]: \`${value}\``);
      }
      options[lower] = value;
      after = following;
    } else throw new Refused(`neither a key type nor an option: \`${name}\``);
    if (after === "") return options;
    if (!after.startsWith(",")) throw new Refused(`unexpected text after option \`${name}\`: \`${after}\``);
    rest = after.slice(1);
  }
}

/** The value of an option and what follows it. A `\"` stands for a quote inside the value. */
function quotedValue(name, text) {
  if (!text.startsWith('="')) throw new Refused(`option \`${name}\` needs a value in double quotes`);
  const inner = text.slice(2);
  let value = "";
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === '"') return [value, inner.slice(at + 1)];
    if (inner[at] === "\\" && inner[at + 1] === '"') at++;
    value += inner[at];
  }
  throw new Refused(`the quote of option \`${name}\` is not closed`);
}

/** Whether a comma-separated list of patterns covers the text: one pattern fits, and none of those with a
 * `!` does (match_pattern_list in OpenSSH). */
function matchesList(text, patterns) {
  let found = false;
  for (const pattern of patterns.split(",")) {
    const excluded = withoutStart(pattern, "!");
    if (excluded !== null && matchesPattern(text, excluded)) return false;
    found ||= excluded === null && matchesPattern(text, pattern);
  }
  return found;
}

/** Whether the pattern covers the whole text: `*` stands for any bytes, `?` for one. Goes back to the last
 * star only, so that the time taken is at most the product of the lengths. */
function matchesPattern(written, wanted) {
  const [text, pattern] = [encode(written), encode(wanted)];
  const [star, any] = [0x2a, 0x3f];
  let [at, inPattern] = [0, 0];
  let back = null;
  while (at < text.length) {
    const byte = pattern[inPattern];
    if (byte === star) {
      back = [inPattern, at];
      inPattern += 1;
    } else if (byte === any || byte === text[at]) {
      at += 1;
      inPattern += 1;
    } else if (back === null) return false;
    else {
      back = [back[0], back[1] + 1];
      [inPattern, at] = [back[0] + 1, back[1]];
    }
  }
  return pattern.subarray(inPattern).every((byte) => byte === star);
}
