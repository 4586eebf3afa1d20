#!/usr/bin/env python3
"""Writes a valid bundle of any size: another bundle with one large file in it.

    python3 large.py BUNDLE BYTES [BYTES...] > LARGE.zip

Each size is a file `data/large-<n>.bin`. The file goes by in pieces: nothing large is held. Knows of the
format what src/bundle/FORMAT.md says.
"""
import hashlib
import json
import struct
import sys
import zipfile
import zlib

PIECE = bytes(range(256)) * 4096
FULL = 0xFFFFFFFF


class Large:
    """A file of so many bytes."""

    def __init__(self, size):
        self.size, self.crc, digest = size, 0, hashlib.sha256()
        for piece in self.pieces():
            self.crc = zlib.crc32(piece, self.crc)
            digest.update(piece)
        self.sha256 = digest.hexdigest()

    def pieces(self):
        whole, rest = divmod(self.size, len(PIECE))
        for _ in range(whole):
            yield PIECE
        yield PIECE[:rest]


class Small:
    def __init__(self, data):
        self.data, self.size, self.crc = data, len(data), zlib.crc32(data)
        self.sha256 = hashlib.sha256(data).hexdigest()

    def pieces(self):
        yield self.data


def as_json(value, indent):
    return Small((json.dumps(value, indent=indent, ensure_ascii=False) + "\n").encode())


def add(files, large):
    """Adds the files to the payload, and to all that lists it."""
    listed, crate, package = (json.loads(files[f"data/{name}"].data) for name in ("casefile.json", "ro-crate-metadata.json", "datapackage.json"))
    root = next(entity for entity in crate["@graph"] if entity["@id"] == "./")
    for path, file in large.items():
        files[f"data/{path}"] = file
        root["hasPart"].append({"@id": path})
        crate["@graph"].append({"@id": path, "@type": "File", "contentSize": str(file.size), "encodingFormat": "application/octet-stream", "sha256": file.sha256})
        package["resources"].append({"name": path.replace(".", "-"), "type": "file", "path": path, "mediatype": "application/octet-stream", "bytes": file.size, "hash": f"sha256:{file.sha256}"})
        listed["files"].append({"path": path, "role": "data", "media_type": "application/octet-stream", "bytes": file.size, "sha256": file.sha256})
    files["data/ro-crate-metadata.json"], files["data/datapackage.json"] = as_json(crate, 2), as_json(package, 2)
    for entry in listed["files"]:
        file = files["data/" + entry["path"]]
        entry["bytes"], entry["sha256"] = file.size, file.sha256
    listed["files"].sort(key=lambda entry: entry["path"].encode())
    files["data/casefile.json"] = as_json(listed, 2)
    payload = [file for path, file in files.items() if path.startswith("data/")]
    oxum = f"Payload-Oxum: {sum(file.size for file in payload)}.{len(payload)}"
    lines = files["bag-info.txt"].data.decode().split("\n")
    files["bag-info.txt"] = Small("\n".join(oxum if line.startswith("Payload-Oxum") else line for line in lines).encode())
    manifest("manifest-sha256.txt", files, lambda path: path.startswith("data/"))
    tags = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
    manifest("SHA256SUMS", files, lambda path: path.startswith("data/") or path in tags)
    manifest("tagmanifest-sha256.txt", files, lambda path: path in (*tags, "SHA256SUMS"))


def manifest(name, files, covers):
    paths = sorted((path for path in files if covers(path)), key=str.encode)
    files[name] = Small("".join(f"{files[path].sha256}  {path}\n" for path in paths).encode())


def write(top, files, out):
    """Section 10."""
    offset, directory = 0, b""
    version = 10
    for path in sorted(files, key=str.encode):
        file, name = files[path], f"{top}/{path}".encode()
        large, flags = file.size >= FULL, 0 if name.isascii() else 0x800
        needed, size, wide = (45, FULL, [file.size, file.size]) if large else (10, file.size, [])
        version = max(version, needed)
        common = lambda extra: struct.pack("<5H3I2H", needed, flags, 0, 0, 0x21, file.crc, size, size, len(name), len(extra))
        local, central = zip64(wide), zip64(wide + [offset] * (offset >= FULL))
        out.write(b"PK\x03\x04" + common(local) + name + local)
        for piece in file.pieces():
            out.write(piece)
        directory += b"PK\x01\x02" + struct.pack("<H", 0x300 + needed) + common(central)
        directory += struct.pack("<3H2I", 0, 0, 0, 0x81A40000, min(offset, FULL)) + name + central
        offset += 30 + len(name) + len(local) + file.size
    end, length, count = offset + len(directory), len(directory), len(files)
    if offset > FULL:
        directory += b"PK\x06\x06" + struct.pack("<Q2H2I4Q", 44, version, version, 0, 0, count, count, length, offset)
        directory += b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
        length = FULL
    out.write(directory + b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, count, count, length, min(offset, FULL), 0))


def zip64(numbers):
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""


def main(bundle, *sizes):
    archive = zipfile.ZipFile(bundle)
    names = archive.namelist()
    top = names[0].split("/")[0]
    files = {name.removeprefix(f"{top}/"): Small(archive.read(name)) for name in names}
    add(files, {f"large-{number}.bin": Large(int(size)) for number, size in enumerate(sizes, 1)})
    write(top, files, sys.stdout.buffer)


main(*sys.argv[1:])
