// The page: takes a file, shows how far the reading is, and what was found. All text of a bundle goes in as
// text, never as markup, and with what could act in it made visible.

/** The checks in words, by their names in section 11 of the format. */
const CHECKS_IN_WORDS = {
  container: "The zip itself",
  names: "Names of files",
  bag: "Declaration of the bag",
  "payload-manifest": "Digests of the payload",
  "tag-manifest": "Digests of the lists",
  checksums: "Digests for sha256sum",
  list: "The list of files",
  "ro-crate": "Description as an RO-Crate",
  "data-package": "Description as a Data Package",
  "bag-info": "Headers of the bag",
  evidence: "Digests that the report prints",
  custody: "Chain of custody",
  withheld: "Withheld evidence",
  signature: "Signature",
  timestamp: "Timestamp",
};
const OUTCOMES_IN_WORDS = {
  passed: "✓ passed",
  failed: "✗ failed",
  rebuilt: "↻ rebuilt",
  "not-checked": "– not checked",
};

/** Of a bundle with thousands of faults, the page shows these and says so; the JSON has them all. */
const MOST_SHOWN = 500;
/** For how long the page may not answer a click, in milliseconds. */
const BUSY = 40;

const byId = (id) => document.getElementById(id);

/** An element with a class and a text, or with other elements in it. */
function element(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

const page = {
  /** The file that was chosen last. */
  file: null,
  /** Counts the readings, so that one that was overtaken by another shows nothing. */
  turn: 0,
  found: null,
  known: { signers: null, authorities: null },
};

/** Reads the chosen file and shows what was found. */
async function readChosen() {
  const turn = ++page.turn;
  const { file } = page;
  if (file === null) return;
  page.found = null;
  byId("result").hidden = true;
  byId("reading").hidden = false;
  byId("reading-what").textContent = `Reading ${visible(file.name)}, ${sizeText(file.size)}`;
  await showProgress(0, file.size);
  let rested = performance.now();
  const told = async (at, length) => {
    if (page.turn !== turn) throw new Unreadable("another file was chosen");
    if (performance.now() - rested < BUSY) return;
    await showProgress(at, length);
    rested = performance.now();
  };
  const input = {
    name: file.name,
    size: file.size,
    slice: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
  };
  let found;
  try {
    found = await verifyBundle(input, page.known, told);
  } catch (error) {
    if (page.turn === turn) showUnread(file, error);
    return;
  }
  if (page.turn === turn) showFound(file, found);
}

/** Shows how far the reading is, and lets the browser draw it. */
async function showProgress(at, length) {
  byId("progress").value = length === 0 ? 0 : at / length;
  byId("reading-how").textContent = `${sizeText(at)} of ${sizeText(length)}`;
  await new Promise((resolve) => setTimeout(resolve));
}

function showUnread(file, error) {
  byId("reading").hidden = true;
  showBanner("failed", "Could not be read", `${visible(file.name)}: ${visible(error.message)}. Nothing is said about the bundle.`);
  for (const id of ["facts", "fault-list", "vouching", "checks"]) byId(id).replaceChildren();
  byId("checks-caption").textContent = "No check was made.";
  byId("faults").hidden = true;
  document.querySelector(".buttons").hidden = true;
}

function showBanner(kind, title, meaning) {
  byId("banner").className = `verdict-banner ${kind}`;
  byId("verdict").textContent = title;
  byId("meaning").textContent = meaning;
  byId("result").hidden = false;
  byId("verdict").focus();
}

/** The verdict in words. */
function inWords({ verdict, checks, root, sha256 }) {
  const faults = checks.filter((check) => check.outcome === "failed").length;
  const known = knownRoot();
  const next =
    known === null
      ? "Now compare its root with the one that its publisher made known."
      : known === root
        ? "Its root is the one that you entered."
        : known === sha256
          ? "You entered the SHA-256 of the zip and not its root, and it is the same: this is the very file."
          : "But its root is not the one that you entered: see above.";
  if (verdict === "verified") {
    return ["Verified", `Every file is whole, and all that the bundle says of itself agrees. ${next}`];
  }
  if (verdict === "contents-intact") {
    return [
      "Contents intact, container rebuilt",
      `Every file is whole, and all that the bundle says of itself agrees, in a zip that another program packed. That leaves the root as it is. ${next}`,
    ];
  }
  return [
    `Failed: ${faults === 1 ? "1 fault" : `${withSeparators(faults)} faults`}`,
    "This is not the bundle as it was sealed: something was altered, is missing or was added, or does not fit what you ask for.",
  ];
}

function showFound(file, found) {
  page.found = found;
  byId("reading").hidden = true;
  document.querySelector(".buttons").hidden = false;
  const facts = [
    ["File", visible(found.subject)],
    ["Size", file.size < 1000 ? sizeText(file.size) : `${sizeText(file.size)} (${withSeparators(file.size)} bytes)`],
    [found.verdict === "failed" ? "Root, which does not stand for these files" : "Root", found.root === null ? "none: the manifest of manifests cannot be read" : element("code", "digest", grouped(found.root))],
    ["SHA-256 of the zip", element("code", "digest", grouped(found.sha256))],
  ];
  byId("facts").replaceChildren(
    ...facts.flatMap(([term, value]) => [element("dt", "", term), element("dd", "", value)]),
  );
  showFaults(found.checks.filter((check) => check.outcome === "failed"));
  const seals = found.checks.filter((check) => check.name === "signature" || check.name === "timestamp");
  byId("vouching").replaceChildren(...seals.map((check) => element("li", check.outcome, ...sealInWords(check))));
  showChecks(found.checks);
  showRoot();
  showBanner(found.verdict, ...inWords(found));
}

/** A text in which digests can be told from words. */
const withDigests = (text) =>
  text.split(/\b([0-9a-f]{64})\b/).map((part, index) => (index % 2 ? element("code", "hash", part) : part));

/** What is wrong, by the file or structure that it belongs to. */
function showFaults(faults) {
  byId("faults").hidden = faults.length === 0;
  const bySubject = new Map();
  for (const { subject, reason } of faults.slice(0, MOST_SHOWN)) {
    if (!bySubject.has(subject)) bySubject.set(subject, []);
    bySubject.get(subject).push(element("li", "", ...withDigests(visible(reason))));
  }
  const items = [...bySubject].map(([subject, reasons]) =>
    element("li", "", element("b", "subject", visible(subject)), element("ul", "", ...reasons)),
  );
  if (faults.length > MOST_SHOWN) {
    items.push(element("li", "", `And ${withSeparators(faults.length - MOST_SHOWN)} more: all are in the JSON.`));
  }
  byId("fault-list").replaceChildren(...items);
}

/** A signature or timestamp in words. */
function sealInWords(check) {
  const none = check.subject.endsWith("/");
  const kind = CHECKS_IN_WORDS[check.name];
  if (none) return [`${check.name === "signature" ? "Not signed" : "No timestamp"}${check.outcome === "failed" ? ", and you ask for one." : "."}`];
  return [
    element("b", "", `${kind} `),
    element("span", "subject", visible(check.subject)),
    ` ${check.outcome === "not-checked" ? "fits the bundle; by whom, is not known here: it " : ""}${visible(check.detail ?? check.reason)}`,
  ];
}

/** What was found, for a cell of the table. */
const inCell = ({ detail, reason, reasons }) =>
  reasons
    ? [element("ul", "", ...reasons.map((one) => element("li", "", visible(one))))]
    : withDigests(visible(detail ?? reason));

function showChecks(checks) {
  const names = new Set(checks.map((check) => check.name));
  const count = (outcome) => checks.filter((check) => check.outcome === outcome).length;
  const counts = ["passed", "failed", "rebuilt", "not-checked"]
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `${withSeparators(count(outcome))} ${OUTCOMES_IN_WORDS[outcome].slice(2)}`);
  const shown = checks.length > MOST_SHOWN ? ` The first ${MOST_SHOWN} lines; all are in the JSON.` : "";
  byId("checks-caption").textContent = `${names.size} checks: ${counts.join(", ")}. A check that failed has a line for each fault.${shown}`;
  byId("checks").replaceChildren(
    ...checks.slice(0, MOST_SHOWN).map((check) => {
      const name = element("th", "", CHECKS_IN_WORDS[check.name], element("span", "code", check.name));
      name.scope = "row";
      return element(
        "tr",
        "",
        element("td", `outcome ${check.outcome}`, OUTCOMES_IN_WORDS[check.outcome]),
        name,
        element("td", "", element("span", "subject", visible(check.subject)), ": ", ...inCell(check)),
      );
    }),
  );
}

const writtenRoot = () => byId("root").value.replace(/\s/g, "");
/** The root that the reader knows from elsewhere, or null. */
const knownRoot = () => parseDigest(writtenRoot());

/** Whether that is the root of this bundle. */
function showRoot() {
  const written = writtenRoot();
  const known = knownRoot();
  if (page.found !== null) byId("meaning").textContent = inWords(page.found)[1];
  const answer = byId("root-answer");
  const say = (className, text) => {
    answer.className = `hint ${className}`;
    answer.textContent = text;
  };
  byId("root").setAttribute("aria-invalid", String(written !== "" && known === null));
  if (written === "") say("", "");
  else if (known === null) say("bad", `This is no root: it has ${withSeparators(written.length)} characters, and not 64 hexadecimal digits.`);
  else if (page.found === null) say("", "It will be compared with the root of the bundle that you choose.");
  else if (known === page.found.root) {
    const sound = page.found.verdict !== "failed";
    say(sound ? "good" : "bad", sound ? "✓ It is the root of this bundle." : "The root is the same, and still the bundle has faults: see below.");
  } else if (known === page.found.sha256) {
    say("good", "✓ This is the SHA-256 of the zip and not its root. It is the same: this is the very file.");
  } else say("bad", "✗ The root of this bundle is another one: this is not the bundle that you were told of.");
}

/** Takes a file of those whom the reader trusts, and reads the bundle again with it. */
async function takeTrusted(id, read, words) {
  const [file] = byId(id).files;
  const answer = byId(`${id}-answer`);
  answer.className = "hint";
  page.known[id] = null;
  if (file === undefined) {
    answer.textContent = "";
  } else {
    try {
      page.known[id] = read(new Uint8Array(await file.arrayBuffer()));
      answer.textContent = words(page.known[id].length);
    } catch (error) {
      answer.className = "hint bad";
      answer.textContent = `Not used: ${visible(error.message)}`;
    }
  }
  await readChosen();
}

function readAuthorities(bytes) {
  const { authorities, errors } = parseAuthorities(bytes);
  if (errors) throw new Unusable(errors);
  return authorities;
}

const plural = (count, one, many) => `${withSeparators(count)} ${count === 1 ? one : many} trusted.`;

function take(files) {
  if (files.length === 0) return;
  page.file = files[0];
  readChosen();
}

/** What `casefile verify --json` prints. */
const foundJson = () => printableJson(JSON.stringify(page.found));

function saveJson() {
  const json = `${foundJson()}\n`;
  const address = URL.createObjectURL(new Blob([json], { type: "application/json" }));
  const link = element("a");
  link.href = address;
  link.download = `${page.found.sha256.slice(0, 16)}-verification.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function copyJson() {
  const json = foundJson();
  try {
    await navigator.clipboard.writeText(json);
    byId("copied").textContent = "Copied.";
  } catch {
    byId("copied").textContent = "The browser does not allow copying here: save it instead.";
  }
}

function startPage() {
  byId("form").addEventListener("submit", (event) => event.preventDefault());
  byId("bundle").addEventListener("change", () => take(byId("bundle").files));
  byId("root").addEventListener("input", showRoot);
  byId("signers").addEventListener("change", () =>
    takeTrusted("signers", (bytes) => parseSigners(lossy(bytes)), (count) => plural(count, "key is", "keys are")),
  );
  byId("authorities").addEventListener("change", () =>
    takeTrusted("authorities", readAuthorities, (count) => plural(count, "authority is", "authorities are")),
  );
  byId("save").addEventListener("click", saveJson);
  byId("copy").addEventListener("click", copyJson);
  const over = (event, inside) => {
    // A file that is dropped beside the box must not replace the page.
    event.preventDefault();
    byId("drop").classList.toggle("over", inside);
  };
  addEventListener("dragover", (event) => over(event, true));
  addEventListener("dragleave", (event) => over(event, false));
  addEventListener("drop", (event) => {
    over(event, false);
    take(event.dataTransfer.files);
  });
}

if (typeof document === "undefined") {
  // Outside a browser, tests use the checks alone.
  module.exports = { verifyBundle, parseSigners, parseAuthorities };
} else {
  startPage();
}
