// The descriptions of the payload for others, RO-Crate and Data Package, held to the list and the files:
// sections 3 and 4 of the format.

const ENTITY = record("Entity", [
  ["@id", "id", FIELD],
  ["@type", "types", severalOrNone(FIELD, 64)],
  ["contentSize", "contentSize", FIELD],
  ["sha256", "sha256", FIELD],
  ["encodingFormat", "encodingFormat", FIELD],
  ["name", "name", FIELD],
  ["version", "version", FIELD],
  ["datePublished", "datePublished", FIELD],
  ["identifier", "identifier", FIELD],
  ["hasPart", "hasPart", severalOrNone(REFERENCE)],
  ["about", "about", severalOrNone(REFERENCE, 64)],
]);
const CRATE = record("Crate", [["@graph", "graph", several(ENTITY)]]);

const idOf = (entity) => entity.id.text ?? "";
const isFile = (entity) => entity.types.some((one) => one.text === "File");

/** The RO-Crate against the list and the files. */
function checkCrate(list, contents) {
  const read = readDescription(CRATE_FILE, contents, CRATE);
  if (read.fault) return Faults.of(read.fault);
  const { graph } = read.value;
  const faults = new Faults();
  const byId = new Map(described(list).map((file) => [crateId(file.path), file]));
  const pathOfId = (id) => byId.get(id)?.path ?? `${id} (as written)`;
  const said = graph.filter(isFile).map((entity) => ({
    path: pathOfId(idOf(entity)),
    bytes: plainNumber(entity.contentSize.text),
    sha256: plainDigest(entity.sha256.text),
    mediaType: entity.encodingFormat.text,
  }));
  compareSaid(CRATE_FILE, list, contents, said, faults);
  // Readers join all that is said of one `@id`, `./` before it or not.
  for (const entity of graph) {
    if (isFile(entity)) continue;
    const id = idOf(entity);
    const file = byId.get(withoutStart(id, "./") ?? id);
    if (file) faults.add(`${PAYLOAD_FOLDER}${file.path}`, `has an entity that is no \`File\` in ${CRATE_FILE}`);
  }
  const own = withoutStart(CRATE_FILE, PAYLOAD_FOLDER);
  const descriptor = onlyEntity(graph, own, faults);
  // Whoever reads an RO-Crate looks here for its root (RO-Crate 1.3, metadata descriptor).
  if (descriptor && !(descriptor.about.length === 1 && descriptor.about[0].id === "./")) {
    faults.add(CRATE_FILE, `\`${own}\` is not about the root entity \`./\``);
  }
  const root = onlyEntity(graph, "./", faults);
  if (!root) return faults;
  checkStated(
    CRATE_FILE,
    [
      ["name", root.name, list.title],
      ["version", root.version, list.version],
      ["datePublished", root.datePublished, list.date],
      ["identifier", root.identifier, topFolderOf(list)],
    ],
    faults,
  );
  checkParts(list, root.hasPart, pathOfId, faults);
  return faults;
}

/** The one entity of this name, or null. */
function onlyEntity(graph, id, faults) {
  const found = graph.filter((entity) => idOf(entity) === id);
  if (found.length === 1) return found[0];
  faults.add(CRATE_FILE, `has ${found.length} entities \`${id}\`; there must be one`);
  return null;
}

/** The parts of the root are the described files, each once. */
function checkParts(list, parts, pathOfId, faults) {
  const expected = new Set(described(list).map((file) => file.path).sort(byByte));
  const found = new Set();
  for (const part of parts) {
    const path = pathOfId(part.id);
    if (!expected.has(path)) {
      faults.add(`${PAYLOAD_FOLDER}${path}`, `is a part of the root in ${CRATE_FILE}, and not listed`);
    } else if (found.has(path)) {
      faults.add(`${PAYLOAD_FOLDER}${path}`, `is twice among the parts of the root in ${CRATE_FILE}`);
    }
    found.add(path);
  }
  for (const path of expected) {
    if (!found.has(path)) faults.add(`${PAYLOAD_FOLDER}${path}`, `is missing from the parts of the root in ${CRATE_FILE}`);
  }
}

const RESOURCE = record("Resource", [
  ["path", "path", FIELD],
  ["bytes", "bytes", FIELD],
  ["hash", "hash", FIELD],
  ["mediatype", "mediatype", FIELD],
  // Content in the list itself, instead of the file.
  ["data", "data", { ...optional({ read: (reader) => (reader.ignore(), true) }), missing: () => null }],
]);
const PACKAGE = record("Package", [
  ["title", "title", FIELD],
  ["version", "version", FIELD],
  ["created", "created", FIELD],
  ["id", "id", FIELD],
  ["resources", "resources", several(RESOURCE)],
]);

/** The Data Package against the list and the files. */
function checkPackage(list, contents) {
  const read = readDescription(PACKAGE_FILE, contents, PACKAGE);
  if (read.fault) return Faults.of(read.fault);
  const stated = read.value;
  const faults = new Faults();
  const said = stated.resources.map((resource) => {
    const path = resource.path.text ?? "";
    if (resource.data !== null) {
      faults.add(`${PAYLOAD_FOLDER}${path}`, `has its data in ${PACKAGE_FILE} instead of a file`);
    }
    // Another algorithm is one that can be forged, or one that nobody here checks.
    const digest = withoutStart(resource.hash.text ?? "", "sha256:");
    return {
      path,
      bytes: resource.bytes.number ?? null,
      sha256: digest === null ? null : plainDigest(digest),
      mediaType: resource.mediatype.text,
    };
  });
  compareSaid(PACKAGE_FILE, list, contents, said, faults);
  checkStated(
    PACKAGE_FILE,
    [
      ["title", stated.title, list.title],
      ["version", stated.version, list.version],
      ["created", stated.created, `${list.date}T00:00:00Z`],
      ["id", stated.id, topFolderOf(list)],
    ],
    faults,
  );
  return faults;
}

function readDescription(file, contents, shape) {
  if (contents.text(file) === null) return { fault: contents.absence(file) };
  const { value, error } = readUniqueJson(contents.bytes(file), shape);
  return error ? { fault: fault(file, `cannot be read: ${error}`) } : { value };
}

/** The files of the list that a description must hold. */
const described = (list) => list.files.filter((file) => isDescribed(`${PAYLOAD_FOLDER}${file.path}`));

/** The number that this text writes as one would, or null. */
function plainNumber(text) {
  if (text === undefined || !/^(0|[1-9][0-9]{0,19})$/.test(text)) return null;
  const value = BigInt(text);
  return value <= LARGEST_NUMBER ? value : null;
}

/** A digest in the one form that the format has for it, or null. */
const plainDigest = (text) => (text !== undefined && /^[0-9a-f]{64}$/.test(text) ? text : null);

/** Both directions: each file as the bytes are and as the list says, and no other file. */
function compareSaid(source, list, contents, said, faults) {
  const byPath = new Map();
  for (const one of said) {
    if (!byPath.has(one.path)) byPath.set(one.path, []);
    byPath.get(one.path).push(one);
  }
  const put = (path, reason) => faults.add(`${PAYLOAD_FOLDER}${path}`, reason);
  const seen = new Set();
  for (const file of described(list)) {
    // That a file is listed twice is a fault of the list alone.
    if (seen.has(file.path)) continue;
    seen.add(file.path);
    const all = byPath.get(file.path);
    byPath.delete(file.path);
    if (all === undefined) {
      put(file.path, `is missing from ${source}`);
      continue;
    }
    if (all.length > 1) {
      put(file.path, `is described ${all.length} times in ${source}`);
      continue;
    }
    const [one] = all;
    const found = contents.files.get(`${PAYLOAD_FOLDER}${file.path}`);
    const bytes = found ? BigInt(found.bytes) : file.bytes;
    const sha256 = found ? found.sha256 : file.sha256;
    if (one.sha256 !== sha256) {
      put(file.path, `is altered: ${source} expects ${one.sha256 ?? "no SHA-256 digest"}, found ${sha256}`);
    }
    if (one.bytes !== bytes) put(file.path, `has ${bytes} bytes; ${source} says ${one.bytes ?? "no size"}`);
    if (one.mediaType !== file.media_type) put(file.path, `is ${file.media_type} in the list, and not so in ${source}`);
  }
  for (const [path] of inOrder(byPath)) put(path, `is described in ${source}, and not listed`);
}

function checkStated(file, expected, faults) {
  for (const [name, found, value] of expected) {
    if (found.text !== value) faults.add(file, `${name}: expected \`${value}\`, found \`${found.text ?? "nothing"}\``);
  }
}
