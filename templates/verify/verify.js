// Checks a bundle from its bytes alone: the checks of section 11 of the format, in its order, with its words.
//
// Every check runs as far as the bundle can be read, and every fault is reported, each with the file or
// structure that it belongs to. A check that could not run says so and is never counted as passed. What no
// check can tell: whether the bundle is the one that its publisher issued.

/** The verdicts on a zip, as `casefile verify --json` prints them. `input` has a `name`, a `size` and
 * `slice(from, to)`, which resolves to bytes. `known` is what the verifier knows from elsewhere: `signers` as
 * parseSigners returns them and `authorities` as parseAuthorities does, or null. `told` hears how far the pass
 * over the bytes is. */
async function verifyBundle(input, known, told = async () => {}) {
  const { name } = input;
  const source = new Source(input);
  const { sha256, names, files, unreadable, found } = await readContainer(source, told);
  const top = topFolder(names);
  const prefix = top === null ? "" : `${top}/`;
  const inside = new Map();
  for (const [path, content] of files) if (path.startsWith(prefix)) inside.set(path.slice(prefix.length), content);
  const doubtful = [...unreadable].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const contents = new Contents(inside, doubtful);

  const unsafe = checkNames(names, top);
  if (top === null && names.length > 0) unsafe.add(name, "has no folder that holds everything");
  const checks = [
    checkContainer(name, found, names, source.length),
    unsafe.checks("names", name, `${names.length} safe names`),
    checkFiles(contents, top),
    await checkSeals(contents, known),
  ];
  return verification(name, sha256, contents.sha256(MANIFESTS.tags.file), checks.flat());
}

function checkContainer(name, { faults, differences }, names, length) {
  if (faults.none && !differences.none) return [rebuilt("container", name, differences.reasons())];
  // Beside what damages the container, what only differs is a fault as well.
  if (!faults.none) for (const reason of differences.reasons()) faults.add(name, reason);
  return faults.checks("container", name, `${names.length} entries, each of ${length} bytes accounted for`);
}

const SAME_FILES = "describes the same files, sizes and digests";

/** The checks that need the list: name, the file that each is about, what is said where it passes, itself. */
const OF_THE_LIST = [
  ["ro-crate", CRATE_FILE, () => SAME_FILES, checkCrate],
  ["data-package", PACKAGE_FILE, () => SAME_FILES, checkPackage],
  ["bag-info", INFO_FILE, () => "agrees with list and payload", checkInfo],
  ["evidence", DIGESTS_FILE, () => "the evidence has the digests that the report prints", checkEvidence],
  [
    "custody",
    CUSTODY_FILE,
    (list) => (list.custody === null ? "none recorded" : `${list.custody.entries} entries in one chain`),
    checkCustody,
  ],
  ["withheld", LIST_FILE, (list) => `${list.withheld.length} withheld, none of them in the bundle`, checkWithheld],
];

const OF_THE_MANIFESTS = [
  ["payload-manifest", MANIFESTS.payload],
  ["tag-manifest", MANIFESTS.tags],
  ["checksums", MANIFESTS.sums],
];

/** The checks of the files, whatever they came in. */
function checkFiles(contents, top) {
  if (contents.files.size === 0) {
    const rest = [...OF_THE_MANIFESTS.map(([name]) => name), "list", ...OF_THE_LIST.map(([name]) => name)];
    const reason = "there is no readable file";
    return [failed("bag", "bag", "no file could be read"), ...rest.map((name) => notChecked(name, "bag", reason))];
  }
  const checks = [checkDeclaration(contents).checks("bag", DECLARATION_FILE, "BagIt 1.0, no unknown file")];
  for (const [name, manifest] of OF_THE_MANIFESTS) {
    const covered = contents.paths.filter((path) => covers(manifest, path)).length;
    const detail = `${covered} files unaltered, none missing, none extra`;
    checks.push(checkManifest(manifest, contents).checks(name, manifest.file, detail));
  }
  const { list, fault: unread } = readList(contents);
  if (unread) {
    const reason = "there is no readable list to compare with";
    checks.push(failed("list", unread.subject, unread.reason));
    checks.push(OF_THE_LIST.map(([name, file]) => notChecked(name, file, reason)));
    return checks.flat();
  }
  checks.push(checkList(list, contents, top).checks("list", LIST_FILE, `${list.files.length} files as listed`));
  for (const [name, file, detail, check] of OF_THE_LIST) {
    checks.push(check(list, contents).checks(name, file, detail(list)));
  }
  return checks.flat();
}
