// What ties the report to its evidence: the digests that it prints, and the chain of custody. Sections 6
// and 7 of the format.

/** The evidence under the digests that stand on every page of the report. */
function checkEvidence(list, contents) {
  const text = contents.text(DIGESTS_FILE);
  if (text === null) return Faults.of(contents.absence(DIGESTS_FILE));
  const faults = new Faults();
  const found = Sha256.of(contents.bytes(DIGESTS_FILE));
  if (found !== list.evidence) {
    faults.add(
      DIGESTS_FILE,
      `is altered: ${LIST_FILE} says that the report rests on ${list.evidence}, found ${found}`,
    );
  }
  const stated = readDigests(text, faults);
  const held = new Map();
  const folder = `${PAYLOAD_FOLDER}evidence/`;
  for (const path of contents.paths) {
    const file = withoutStart(path, folder);
    let name = "statistics.json";
    if (file !== null) {
      name = exhibitOf(file);
      if (name === null) {
        faults.add(path, "is not called by an exhibit, `EX-001_...`");
        continue;
      }
      if (!held.has(name)) held.set(name, []);
      held.get(name).push(path);
    } else if (path !== "data/statistics.json") continue;
    const sha256 = contents.sha256(path);
    if (sha256 !== null && !stated.get(name)?.includes(sha256)) {
      faults.add(path, `has no digest that ${DIGESTS_FILE} states for ${name}: found ${sha256}`);
    }
  }
  checkExhibits(list, stated, held, faults);
  return faults;
}

/** What `digests.txt` states, by exhibit or other name: a copy of an exhibit without access tokens has a
 * digest beside that of what was received. */
function readDigests(text, faults) {
  const stated = new Map();
  const names = new Set();
  for (const [index, line] of terminated(text).entries()) {
    if (faults.full) break;
    const place = `${DIGESTS_FILE}:${index + 1}`;
    const parts = splitOnce(line, "  ");
    const digest = parts === null ? null : plainDigest(parts[0]);
    if (digest === null) {
      faults.add(place, "is not a digest, two spaces and a name");
      continue;
    }
    if (names.has(parts[1])) {
      faults.add(place, `states ${parts[1]} a second time`);
      continue;
    }
    names.add(parts[1]);
    const name = withoutEnd(parts[1], " without access tokens") ?? parts[1];
    if (!stated.has(name)) stated.set(name, []);
    stated.get(name).push(digest);
  }
  return stated;
}

/** The exhibits that `digests.txt` states against the files of evidence and what the list says is withheld:
 * none may be gone without a word, and none may stand there in two files. */
function checkExhibits(list, stated, held, faults) {
  for (const [exhibit, paths] of inOrder(held)) {
    if (paths.length < 2) continue;
    for (const path of paths) faults.add(path, `is one of ${paths.length} files that are called by ${exhibit}`);
  }
  const withheld = new Set(list.withheld.map((one) => one.exhibit));
  for (const [exhibit] of inOrder(stated)) {
    if (isExhibit(exhibit) && !held.has(exhibit) && !withheld.has(exhibit)) {
      faults.add(
        DIGESTS_FILE,
        `states ${exhibit}, of which the bundle holds no file, and ${LIST_FILE} does not say that it is withheld`,
      );
    }
  }
  for (const one of list.withheld) {
    if (stated.get(one.exhibit)?.includes(one.sha256)) continue;
    faults.add(
      DIGESTS_FILE,
      `does not state the digest of ${one.exhibit}, which ${LIST_FILE} says is withheld: ${one.sha256}`,
    );
  }
}

/** The exhibit that a file of evidence is called by: `EX-`, a number and a line below. */
const exhibitOf = (file) => /^(EX-[0-9]{3,})_/.exec(file)?.[1] ?? null;
/** Whether this is `EX-` and a number of at least three digits. */
const isExhibit = (name) => /^EX-[0-9]{3,}$/.test(name);

const LINK = record("Link", same(["number", U64], ["previous", TEXT]));

/** The chain of custody, each line tied to the one before, and its two ends to the list. */
function checkCustody(list, contents) {
  const pinned = list.custody;
  if (pinned === null) {
    if (!contents.paths.includes(CUSTODY_FILE)) return new Faults();
    return Faults.of(fault(CUSTODY_FILE, `is not pinned: ${LIST_FILE} states no custody`));
  }
  const text = contents.text(CUSTODY_FILE);
  if (text === null) return Faults.of(contents.absence(CUSTODY_FILE));
  const faults = new Faults();
  let previous = "0".repeat(64);
  if (!text.endsWith("\n")) faults.add(CUSTODY_FILE, "does not end in a line feed");
  // A line is what stands before LF, whatever else it holds.
  const links = terminated(text);
  for (const [index, line] of links.entries()) {
    if (faults.full) break;
    const place = `${CUSTODY_FILE}:${index + 1}`;
    const bytes = encode(line);
    const { value, error } = readUniqueJson(bytes, LINK);
    if (error) faults.add(place, `is no entry: ${error}`);
    else if (value.number !== BigInt(index + 1) || value.previous !== previous) {
      faults.add(place, `breaks the chain: expected number ${index + 1} and previous ${previous}`);
      // The line's digest, on which the next one builds, would not be that of its text.
    } else if (line.endsWith("\r")) faults.add(place, "ends in CR LF");
    previous = Sha256.of(bytes);
  }
  const head = links.length === 0 ? "none" : Sha256.of(encode(links[links.length - 1]));
  if (links.length === 0 || BigInt(links.length) !== pinned.entries || head !== pinned.head) {
    faults.add(
      CUSTODY_FILE,
      `was cut or extended: ${LIST_FILE} pins ${pinned.entries} entries up to ${pinned.head}, ` +
        `found ${links.length} up to ${head}`,
    );
  }
  return faults;
}
