// The bundle format as data: names, and how each text file is written. See FORMAT.md of casefile.

const FORMAT_VERSION = 2;
const DECLARATION_FILE = "bagit.txt";
const INFO_FILE = "bag-info.txt";
const PAYLOAD_FOLDER = "data/";
const LIST_FILE = "data/casefile.json";
const CRATE_FILE = "data/ro-crate-metadata.json";
const PACKAGE_FILE = "data/datapackage.json";
const DIGESTS_FILE = "data/digests.txt";
const CUSTODY_FILE = "data/case/custody.jsonl";
const SIGNATURES_FOLDER = "signatures/";
const TIMESTAMPS_FOLDER = "timestamps/";
const NAMESPACE = "casefile";
const LISTS = [LIST_FILE, CRATE_FILE, PACKAGE_FILE];
const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const TAG_FILES = ["SHA256SUMS", INFO_FILE, DECLARATION_FILE, "manifest-sha256.txt", "tagmanifest-sha256.txt"];
const ROLES = ["report", "figure", "table", "data", "evidence", "case", "record", "citation", "tool"];
const MOST_ENTRIES = 0xfffe;
const LONGEST_PATH = 255;

const isAttached = (path) => path.startsWith(SIGNATURES_FOLDER) || path.startsWith(TIMESTAMPS_FOLDER);
/** Whether the crate and the package describe this file. */
const isDescribed = (path) => path.startsWith(PAYLOAD_FOLDER) && !LISTS.includes(path);

/** A path relative to `data/` as an RO-Crate writes it: a URI reference (RFC 3986, 3.3). */
const crateId = (path) =>
  Array.from(encode(path), (byte) => {
    const c = String.fromCharCode(byte);
    return /[A-Za-z0-9\-._~/]/.test(c) ? c : "%" + byte.toString(16).toUpperCase().padStart(2, "0");
  }).join("");

const topFolderOf = (list) => `${list.id}-${list.version}${list.edition === "full" ? "-full" : ""}`;

/** A value that stays on its line in every reader: runs of white space and controls are one space. */
const BREAKS = new RegExp(`[\\x00-\\x1f\\x7f-\\x9f${WHITE}]+`, "u");
const headerValue = (text) => text.split(BREAKS).filter((word) => word !== "").join(" ");

/** The headers of `bag-info.txt`, given the size of the payload (RFC 8493, 2.2.2). */
function bagInfo(list, octets, files) {
  const headers = [
    ["External-Identifier", headerValue(topFolderOf(list))],
    ["External-Description", headerValue(list.title)],
    ["Bagging-Date", headerValue(list.date)],
    ["Bag-Software-Agent", headerValue(list.software)],
    ["Payload-Oxum", `${octets}.${files}`],
    ["Casefile-Edition", list.edition],
    ["Casefile-Evidence-Digest", `sha256:${list.evidence}`],
  ];
  if (list.publisher !== null) headers.unshift(["Source-Organization", headerValue(list.publisher)]);
  return headers;
}

const headersText = (headers) => headers.map(([label, value]) => `${label}: ${value}\n`).join("");

/** A digest of 64 hexadecimal digits in either case, with or without `sha256:`, in lower case; else null. */
function parseDigest(text) {
  const digits = withoutStart(text, "sha256:") ?? text;
  return /^[0-9a-fA-F]{64}$/.test(digits) ? digits.toLowerCase() : null;
}

/** The three lists of digests. */
const MANIFESTS = {
  payload: { file: "manifest-sha256.txt", escapes: true },
  tags: { file: "tagmanifest-sha256.txt", escapes: true },
  sums: { file: "SHA256SUMS", escapes: false },
};

/** Whether this manifest must list the file. */
function covers(manifest, path) {
  const payload = path.startsWith(PAYLOAD_FOLDER);
  if (isAttached(path)) return false;
  if (manifest === MANIFESTS.payload) return payload;
  if (manifest === MANIFESTS.tags) return !payload && path !== MANIFESTS.tags.file;
  return path !== MANIFESTS.sums.file && path !== MANIFESTS.tags.file;
}

/** The manifest's text for files given in byte order of the path. */
const manifestText = (manifest, files) =>
  files
    .filter(([path]) => covers(manifest, path))
    .map(([path, sha256]) => `${sha256}  ${manifest.escapes ? path.replaceAll("%", "%25") : path}\n`)
    .join("");

const DECEIVES = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const ENDS_BADLY = new RegExp(`^[${WHITE}]|[${WHITE}.]$`, "u");

/** What Windows takes for a device, whatever follows its first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** Why a path must not stand in a bundle, or null when it may. */
function pathFault(path) {
  if (byteLength(path) > LONGEST_PATH) return "is longer than 255 bytes";
  if (path.startsWith("/")) return "is absolute";
  if (/[\\:]/.test(path)) return "holds a backslash or a colon";
  if (/[<>"|?*]/.test(path)) return "holds a character that Windows does not allow, and tools replace";
  if (DECEIVES.test(path)) {
    return "holds a control character, line separator or change of writing direction";
  }
  for (const segment of path.split("/")) {
    if (segment === "" || segment === "." || segment === "..") {
      return "holds an empty, `.` or `..` segment";
    }
    if (DEVICE.test(segment)) return "has a segment that is a device on Windows";
    if (ENDS_BADLY.test(segment)) {
      return "has a segment that ends in a dot, or starts or ends in white space";
    }
  }
  return null;
}

/** The folders that a path stands in, outermost first. */
function folders(path) {
  const found = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) found.push(path.slice(0, at));
  return found;
}
