#!/usr/bin/env python3
"""Makes damaged copies of bundles, for holding one verifier to another.

    python3 mutate.py SEED COUNT FOLDER BUNDLE...

Most are not verified, some are rebuilt, some are whole: what they are is for the verifiers to say. The same
seed makes the same copies of the same bundles.
"""
import hashlib
import io
import json
import pathlib
import random
import re
import struct
import sys
import zipfile
import zlib

NUMBERS = [0, 1, 0xFFFF, 0xFFFFFFFF, 2**64 - 1, 2**63, 8]
# Fields of headers by their signature: offset and length.
FIELDS = {
    b"PK\3\4": [(0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)],
    b"PK\1\2": [(0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2), (14, 2), (16, 4), (20, 4), (24, 4), (28, 2)]
    + [(30, 2), (32, 2), (34, 2), (36, 2), (38, 4), (42, 4)],
    b"PK\5\6": [(0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)],
}
NAMES = """data/É.txt|data/é.txt|data/Straße|data/STRASSE|data/ΑΣ|data/ας|data/ασ|data/İ.txt|data/i̇.txt|data/x |data/x.
data/..|data/a//b|/abs|data/con:1|data/back\\slash|data/evidence/EX-1_x|data/evidence/EX-001_x|data/evidence/y|data/%25
data/a%b|data/😀|data/𝒳|signatures/1.sig|signatures/2.sig|signatures/01.sig|signatures/0.sig|signatures/+1.sig
signatures/x.sig|signatures/99999999999999999999.sig|timestamps/1.tsr|timestamps/1.tsq|timestamps/1.pem|timestamps/2.pem
timestamps/a.txt|manifest-md5.txt|fetch.txt|data|data/report.html/x|DATA/report.html|data/Report.html""".replace("\n", "|").split("|")
NAMES += ["data/\u202ex", "data/\u00a0y", "data/a\u0085", "data/\x7f", "data/\ufeffz", "data/x\u2028", "data/" + "n" * 260]
# Not UTF-8: Python writes these as the bytes that they stand for.
NAMES += ["data/\udcff\udcfe", "data/\udcc3(", "signatures/\udc80.sig"]
VALUES = rb"""1 -1 -0 1.5 1e400 1e20 123456789012345678901234567890 0.00001 18446744073709551616 4294967296 null true false
[] {} [1] 01 1. 1e 1E+5 tru "x" "\u0041" "\ud800" "\ud83d\ude00" "\q" "\ {"public":null} {"@id":"./"} ["File","X"] "./"
[{"a":[1,2,{}]}] "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" """.split()
VALUES += [b"", b"[" * 130, b'"\x01"', b'"\xff"', '"a\\u0301\u202e"'.encode()]
WHOLE_TEXTS = [b"", b"[]", b"{}", b"null", b"1", b'"x"', b"[" * 200, b'{"a":' * 200, b"[1,", b'{"a"']
WHOLE_TEXTS += [b'{"casefile":3}', b'{"casefile":2}', b"[2]"]
LINE_ENDS = [b"\r", b" ", b"%", b"%0A", b"%25", b"%2", "é".encode(), b"\xc2\x85", b"\xff"]
LINES = [b"", b" ", b"0" * 64 + b"  data/x", b"g" * 64 + b"  y", b"sha256:" + b"0" * 64 + b"  z", b"A" * 64 + b"  data/x%25", b"x: y", b"X-Y"]


class Mutator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.choice, self.below = self.random.choice, self.random.randrange

    def chance(self, share):
        return self.random.random() < share

    def noise(self, length):
        return bytes(self.below(256) for _ in range(length))

    # --- bytes

    def bytes(self, data, times=None):
        out = bytearray(data)
        for _ in range(times or self.choice([1, 1, 1, 2, 3, 8])):
            if out:
                self.choice([self.flip, self.replace, self.cut, self.insert, self.end, self.repeat, self.number, self.append, self.prepend])(out)
        return bytes(out)

    def flip(self, out):
        out[self.below(len(out))] ^= 1 << self.below(8)

    def replace(self, out):
        out[self.below(len(out))] = self.below(256)

    def cut(self, out):
        at = self.below(len(out))
        del out[at : at + self.choice([1, 1, 2, 4, 22, 46, 100, 1000])]

    def insert(self, out):
        at = self.below(len(out))
        out[at:at] = self.noise(self.choice([1, 2, 4, 30]))

    def end(self, out):
        del out[self.below(len(out)) :]

    def repeat(self, out):
        at, source = self.below(len(out)), self.below(len(out))
        out[at:at] = out[source : source + self.choice([4, 30, 46, 200, 1000])]

    def number(self, out):
        at, length = self.below(len(out)), self.choice([2, 4, 8])
        value = self.choice([*NUMBERS, len(out), self.below(2**32)]) % (1 << 8 * length)
        out[at : at + length] = value.to_bytes(length, "little")

    def append(self, out):
        out += self.noise(self.choice([1, 22, 100]))

    def prepend(self, out):
        out[0:0] = self.noise(self.choice([1, 22, 100]))

    def headers(self, data):
        out = bytearray(data)
        for _ in range(self.choice([1, 1, 2, 3])):
            signature = self.choice(list(FIELDS))
            places = [found.start() for found in re.finditer(re.escape(signature), bytes(out))]
            if not places:
                continue
            offset, length = self.choice(FIELDS[signature])
            at = self.choice(places) + offset
            now = int.from_bytes(out[at : at + length], "little")
            value = self.choice([*NUMBERS, now + 1, max(0, now - 1), 0x800, 9, 0x808, self.below(1 << 8 * length)]
                                + [now ^ 1 << self.below(8 * length), 0x41ED0010, 0xA1FF0000, len(out)])
            out[at : at + length] = (value % (1 << 8 * length)).to_bytes(length, "little")
        return bytes(out)

    # --- the container packed anew, in ways that other programs pack

    def pack(self, files, style=None):
        style = style or self.choice(["plain", "deflate", "mixed", "described"])
        free = style != "plain"
        entries = list(files)
        if free and self.chance(0.2):
            self.random.shuffle(entries)
        if free and self.chance(0.2):
            folders = {name[: name.rindex("/") + 1] for name, _ in entries if "/" in name}
            entries = [(folder, b"") for folder in sorted(folders)] + entries
            if self.chance(0.3):
                entries.append((self.choice(["x/", "zz/", "//"]), b""))
        out, directory = bytearray(), bytearray()
        for name, data in entries:
            self.entry(out, directory, name, data, style)
        start = len(out)
        out += directory
        count = len(entries)
        if free and self.chance(0.08):
            place = len(out)
            out += b"PK\6\6" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, count, count, len(directory), start)
            out += b"PK\6\7" + struct.pack("<IQI", 0, place, 1)
        return bytes(out + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(directory), start, 0))

    def entry(self, out, directory, name, data, style):
        free, folder = style != "plain", name.endswith("/")
        raw = name.encode("utf-8", "surrogateescape")
        method = 8 if not folder and (style == "deflate" or style in ("mixed", "described") and self.chance(0.5)) else 0
        stored = self.deflated(data) if method else data
        described = style == "described" and self.chance(0.6)
        flags = (0 if raw.isascii() else 0x800) | (8 if described else 0)
        extra, extra_listed = self.extra(data, stored) if free else (b"", b"")
        told = (zlib.crc32(data), len(stored), len(data))
        local = (0, 0, 0) if described and self.chance(0.8) else told
        if free and not described and self.chance(0.05):
            extra, local = struct.pack("<2H2Q", 1, 16, len(data), len(stored)) + extra, (told[0], 0xFFFFFFFF, 0xFFFFFFFF)
        time = (self.below(65536), self.below(65536)) if free else (0, 0x21)
        at = len(out)
        needed = self.choice([10, 20, 45]) if free else 10
        out += b"PK\3\4" + struct.pack("<5H3I2H", needed, flags, method, *time, *local, len(raw), len(extra)) + raw + extra + stored
        if described:
            out += self.choice([b"PK\7\x08", b""]) + struct.pack(self.choice(["<3I", "<I2Q"]), *told)
            if self.chance(0.03):
                out[-1] ^= 1
        attributes = self.choice([0x81A40000, 0, 0x20, 0x81FF0000, 0x81A40020]) if free else 0x81A40000
        attributes = self.choice([0x41ED0010, 0x10, 0]) if folder else attributes
        made = self.choice([0x30A, 0x314, 0x14]) if free else 0x30A
        directory += b"PK\1\2" + struct.pack("<6H3I", made, 20 if free else 10, flags, method, *time, *told)
        directory += struct.pack("<5H2I", len(raw), len(extra_listed), 0, 0, self.choice([0, 1]) if free else 0, attributes, at)
        directory += raw + extra_listed

    def deflated(self, data):
        packer = zlib.compressobj(self.choice([1, 6, 9]), zlib.DEFLATED, -15, self.choice([8, 9]), self.choice([0, 0, 0, 4, 2]))
        stored = packer.compress(data) + packer.flush()
        if self.chance(0.05):
            stored = self.bytes(stored, 1)
        return stored + (b"\0" if self.chance(0.02) else b"")

    def extra(self, data, stored):
        local = listed = b""
        if self.chance(0.3):
            local = struct.pack("<2HBI", 0x5455, 5, 1, self.below(2**32))
            listed = local if self.chance(0.7) else b""
        if self.chance(0.05):
            sizes = struct.pack("<2H2Q", 1, 16, len(data), len(stored))
            local += self.choice([sizes, b"\1\0", struct.pack("<2H", 0x7075, 0), struct.pack("<2HQ", 1, 8, 5)])
        return local, listed

    # --- what the files say

    def contents(self, files):
        files, top = list(files), files[0][0].split("/")[0]
        for _ in range(self.choice([1, 1, 1, 2, 4])):
            at = self.below(len(files))
            name, data = files[at]
            kind = self.below(10)
            if kind < 5:
                at = self.some(files, (".json", ".jsonl"))
                files[at] = (files[at][0], self.json(files[at][1]))
            elif kind == 5:
                files[at] = (name, self.bytes(data))
            elif kind == 6 and len(files) > 1:
                files.pop(at)
            elif kind == 7:
                files.append((f"{top}/{self.choice(NAMES)}", self.choice([b"", b"x", data])))
            elif kind == 8:
                new = self.choice([f"{top}/{self.choice(NAMES)}", name.upper(), f"{name}x", name.replace(top, "other", 1), name.replace("/", "//", 1)])
                files[at] = (new, data)
            else:
                at = self.some(files, (".txt", "SUMS", ".jsonl"))
                files[at] = (files[at][0], self.lines(files[at][1]))
        if self.chance(0.15):
            files.append(self.choice(files))
        if self.chance(0.4):
            files = sealed(files, top)
        if self.chance(0.7):
            files.sort(key=in_bytes)
        return files

    def some(self, files, endings):
        fitting = [at for at, (name, _) in enumerate(files) if name.endswith(endings)]
        return self.choice(fitting or [0])

    def lines(self, data):
        lines = data.split(b"\n")
        one, other = self.below(len(lines)), self.below(len(lines))
        kind = self.below(8)
        if kind == 0:
            lines.insert(one, lines[other])
        elif kind == 1:
            lines.pop(one)
        elif kind == 2:
            lines[one] = self.bytes(lines[one], 1)
        elif kind == 3:
            lines[one], lines[other] = lines[other], lines[one]
        elif kind == 4:
            lines[one] = lines[one].upper()
        elif kind == 5:
            lines[one] += self.choice(LINE_ENDS)
        elif kind == 6:
            lines[one] = self.choice(LINES)
        else:
            lines = [line + b"\r" for line in lines]
        return b"\n".join(lines)

    def json(self, text):
        for _ in range(self.choice([1, 1, 2])):
            text = self.choice([self.bytes, self.value, self.value, self.swapped, self.spaced, self.shaped, self.shaped, self.shaped, self.ended, self.whole, self.lines])(text)
        return text

    def value(self, text):
        tokens = list(re.finditer(rb'"[^"]*"|\d+|\[|\]|\{|\}|,|:|null|true', text))
        if not tokens:
            return text
        token = self.choice(tokens)
        return text[: token.start()] + self.choice(VALUES) + text[token.end() :]

    def swapped(self, text):
        texts = sorted(set(re.findall(rb'"[^"]*"', text)))
        if len(texts) < 2:
            return text
        return text.replace(*self.random.sample(texts, 2), self.choice([1, -1]))

    def spaced(self, text):
        indent, ascii_only = self.choice([None, 1, 2]), self.chance(0.5)
        return self.rewritten(text, lambda value: value, indent=indent, ensure_ascii=ascii_only)

    def shaped(self, text):
        return self.rewritten(text, self.shape, indent=2, ensure_ascii=False)

    def rewritten(self, text, change, **how):
        try:
            value = json.loads(text)
            change(value)
            return (json.dumps(value, **how) + "\n").encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            return text

    def shape(self, value):
        inner = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
        if not inner:
            return
        key = self.choice(inner)
        if not self.chance(0.4):
            self.shape(value[key])
        elif isinstance(value, dict):
            kind = self.below(4)
            if kind == 0:
                value.pop(key)
            elif kind == 1:
                value[self.choice(["extra", "é", "\u202e", "sha256", "data", "@id"])] = self.choice([1, "y", [], None, {}])
            elif kind == 2:
                value[key] = self.choice([[], {}, [value[key]], None, 5, -5, 2.5, 1e30, "z", True, list(value.values())])
            else:
                items = list(value.items())
                self.random.shuffle(items)
                value.clear()
                value.update(items)
        else:
            kind = self.below(5)
            if kind == 0:
                value.pop(key)
            elif kind == 1:
                value.append(value[key])
            elif kind == 2:
                self.random.shuffle(value)
            elif kind == 3:
                value[key] = list(value[key].values()) if isinstance(value[key], dict) else 7
            else:
                value.insert(key, self.choice([None, 1, "s", [], {}]))

    def ended(self, text):
        return text + self.choice([b"x", b" ", b"\n", b"\0", b"]", b"{}", b"\xff"])

    def whole(self, text):
        return self.choice([*WHOLE_TEXTS, b"\xef\xbb\xbf" + text])

    # --- one copy

    def copy(self, data):
        kind = self.below(10)
        if kind < 2:
            return self.bytes(data)
        if kind < 4:
            return self.headers(data)
        if kind < 6:
            return self.pack(unpacked(data))
        if kind == 6:
            return self.headers(self.pack(unpacked(data)))
        return self.pack(self.contents(unpacked(data)), self.choice(["plain", "plain", "plain", None]))


def in_bytes(file):
    return file[0].encode("utf-8", "surrogateescape")


def unpacked(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [(entry.filename, archive.read(entry)) for entry in archive.infolist()]


def sealed(files, top):
    """The manifests made anew, so that what was changed is consistent."""
    held = dict(files)
    paths = {name: name[len(top) + 1 :] for name in held}
    tags = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt"]

    def manifest(path, covers, escape):
        names = sorted((name for name in held if covers(paths.get(name, ""))), key=lambda name: in_bytes((name,)))
        lines = [f"{hashlib.sha256(held[name]).hexdigest()}  {escape(paths[name])}\n" for name in names]
        held[f"{top}/{path}"] = "".join(lines).encode("utf-8", "surrogateescape")
        paths[f"{top}/{path}"] = path

    def percent(path):
        return path.replace("%", "%25")

    manifest("manifest-sha256.txt", lambda path: path.startswith("data/"), percent)
    manifest("SHA256SUMS", lambda path: path.startswith("data/") or path in tags, str)
    manifest("tagmanifest-sha256.txt", lambda path: path in [*tags, "SHA256SUMS"], percent)
    return sorted(held.items(), key=in_bytes)


def main(seed, count, folder, *bundles):
    mutator = Mutator(int(seed))
    originals = [pathlib.Path(bundle).read_bytes() for bundle in bundles]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(count)):
        data = mutator.copy(mutator.choice(originals))
        (folder / f"{seed}-{number:05}.zip").write_bytes(data)


main(*sys.argv[1:])
