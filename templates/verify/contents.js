// The files of a bag, each hashed once, and the checks of the files that describe the others.

/** Files by their path in the top folder; of some the bytes are in doubt. */
class Contents {
  constructor(files, unreadable) {
    this.files = new Map(inOrder(files));
    this.unreadable = new Set([...unreadable].sort(byByte));
    /** All paths, those of unreadable files last. */
    this.paths = [...this.files.keys(), ...this.unreadable];
  }

  sha256(path) {
    return this.files.get(path)?.sha256 ?? null;
  }

  /** The bytes of a file that the checks read. */
  bytes(path) {
    return this.files.get(path)?.text ?? null;
  }

  text(path) {
    const bytes = this.bytes(path);
    return bytes === null ? null : decode(bytes);
  }

  /** Why there is nothing to compare at this path. */
  absence(path) {
    const content = this.files.get(path);
    if (!content) return fault(path, this.unreadable.has(path) ? "cannot be read from the container" : "is missing");
    return fault(path, content.text === null ? "is larger than any such file can be" : "is not UTF-8");
  }

  /** Bytes and number of the files under `data/`. */
  payload() {
    const inside = [...this.files].filter(([path]) => path.startsWith(PAYLOAD_FOLDER));
    const octets = inside.reduce((sum, [, content]) => addUpTo(sum, BigInt(content.bytes)), 0n);
    return [octets, inside.length];
  }
}

/** The first line in which a text differs from what the format demands. */
function difference(file, expected, found) {
  if (expected === found) return [];
  const split = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const [wanted, had] = [split(expected), split(found)];
  const same = Math.min(wanted.length, had.length);
  let line = 0;
  while (line < same && wanted[line] === had[line]) line++;
  return [fault(`${file}:${line + 1}`, "is not written as the format demands")];
}

/** `bagit.txt`, and nothing but the bag's own files beside `data/`. */
function checkDeclaration(contents) {
  const faults = unknownFiles(contents.paths);
  const text = contents.text(DECLARATION_FILE);
  if (text === null) faults.push(contents.absence(DECLARATION_FILE));
  else faults.extend(difference(DECLARATION_FILE, DECLARATION, text));
  return faults;
}

/** Reads the list, `{list}`, or says why it cannot be read, `{fault}`. */
function readList(contents) {
  if (contents.text(LIST_FILE) === null) return { fault: contents.absence(LIST_FILE) };
  const bytes = contents.bytes(LIST_FILE);
  // The version first: another one may have other fields.
  const version = readJson(bytes, VERSION_ALONE).value?.casefile;
  if (version !== undefined && version !== BigInt(FORMAT_VERSION)) {
    const reason = `has format version ${version}; this verifier knows version ${FORMAT_VERSION}`;
    return { fault: fault(LIST_FILE, reason) };
  }
  const { value, error } = readJson(bytes, LIST);
  return error ? { fault: fault(LIST_FILE, `cannot be read: ${error}`) } : { list: value };
}

/** `{value}` of a JSON text, or `{error}`. */
function readJson(bytes, shape) {
  try {
    return { value: parseJson(bytes, shape) };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { error: error.words };
  }
}

/** The list against the payload, the name of the top folder, and its own canonical form. */
function checkList(list, contents, top) {
  const faults = new Faults();
  if (top !== null && top !== topFolderOf(list)) {
    faults.add(top, `this folder should be called \`${topFolderOf(list)}\``);
  }
  for (const field of ["id", "version"]) {
    if (!isName(list[field])) {
      faults.add(LIST_FILE, `has the ${field} \`${list[field]}\`, which cannot be part of a file name`);
    }
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(list.date)) faults.add(LIST_FILE, `has the date \`${list.date}\`, which is none`);
  const listed = new Set([LIST_FILE]);
  for (const file of list.files) {
    const path = `${PAYLOAD_FOLDER}${file.path}`;
    const found = contents.files.get(path);
    if (!found) faults.push(contents.absence(path));
    else if (found.sha256 !== file.sha256) {
      faults.add(path, `is altered: ${LIST_FILE} expects ${file.sha256}, found ${found.sha256}`);
    } else if (BigInt(found.bytes) !== file.bytes) {
      faults.add(path, `has ${found.bytes} bytes; ${LIST_FILE} says ${file.bytes}`);
    }
    if (!ROLES.includes(file.role)) {
      faults.add(path, `has a role that the format does not know, \`${file.role}\``);
    }
    if (listed.has(path)) faults.add(path, `is listed a second time in ${LIST_FILE}`);
    listed.add(path);
  }
  for (const path of contents.paths) {
    if (path.startsWith(PAYLOAD_FOLDER) && !listed.has(path)) {
      faults.add(path, `is extra: ${LIST_FILE} does not list it`);
    }
  }
  const sorted = list.files.every((file, i) => i === 0 || byByte(list.files[i - 1].path, file.path) < 0);
  if (!sorted) faults.add(LIST_FILE, "does not list the files in byte order");
  faults.extend(difference(LIST_FILE, listText(list), contents.text(LIST_FILE) ?? ""));
  return faults;
}

/** What can be part of the name of the top folder (section 1). */
const isName = (text) => /^[A-Za-z0-9._\-+]+$/.test(text) && !text.startsWith(".") && !text.endsWith(".");

/** The headers of `bag-info.txt` against the list and the size of the payload. */
function checkInfo(list, contents) {
  const text = contents.text(INFO_FILE);
  if (text === null) return Faults.of(contents.absence(INFO_FILE));
  const expected = bagInfo(list, ...contents.payload());
  const found = lines(text).map((line) => splitOnce(line, ": ") ?? [line, ""]);
  const faults = new Faults();
  for (const [label, value] of expected) {
    const values = found.filter(([name]) => name === label).map(([, one]) => one);
    if (values.length === 0) faults.add(INFO_FILE, `has no ${label}: expected \`${value}\``);
    else if (values.length > 1) faults.add(INFO_FILE, `has ${label} ${values.length} times`);
    else if (values[0] !== value) {
      faults.add(INFO_FILE, `${label}: expected \`${value}\`, found \`${values[0]}\``);
    }
  }
  for (const [label] of found) {
    if (!expected.some(([name]) => name === label)) {
      faults.add(INFO_FILE, `has a header that the format does not know, \`${label}\``);
    }
  }
  if (faults.none) faults.extend(difference(INFO_FILE, headersText(expected), text));
  return faults;
}

/** No file of the bundle is a withheld one. */
function checkWithheld(list, contents) {
  const withheld = new Map(list.withheld.map((one) => [one.sha256, one.exhibit]));
  const faults = new Faults();
  for (const [path, file] of contents.files) {
    const exhibit = withheld.get(file.sha256);
    if (exhibit !== undefined) faults.add(path, `is exhibit ${exhibit}, which ${LIST_FILE} says is withheld`);
  }
  return faults;
}
