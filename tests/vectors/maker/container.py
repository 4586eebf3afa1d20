"""Writes a zip as section 10 of the format demands, or with anything in it that is not so."""

import zlib
from dataclasses import dataclass, field

LOCAL = {
    "signature": 4,
    "version": 2,
    "flags": 2,
    "method": 2,
    "time": 2,
    "date": 2,
    "crc": 4,
    "stored": 4,
    "size": 4,
    "name_length": 2,
    "extra_length": 2,
}
CENTRAL = {
    "signature": 4,
    "made_by": 2,
    "version": 2,
    "flags": 2,
    "method": 2,
    "time": 2,
    "date": 2,
    "crc": 4,
    "stored": 4,
    "size": 4,
    "name_length": 2,
    "extra_length": 2,
    "comment_length": 2,
    "disk": 2,
    "internal": 2,
    "external": 4,
    "offset": 4,
}
END = {
    "signature": 4,
    "disk": 2,
    "directory_disk": 2,
    "disk_entries": 2,
    "entries": 2,
    "length": 4,
    "offset": 4,
    "comment_length": 2,
}

REGULAR = 0o100644 << 16


@dataclass
class Entry:
    """A file to pack; `local` and `central` replace fields of the one header, `both` of both."""

    name: bytes
    data: bytes
    both: dict = field(default_factory=dict)
    local: dict = field(default_factory=dict)
    central: dict = field(default_factory=dict)
    local_name: bytes = None
    local_extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""
    #: The data as they stand in the file, when they are compressed.
    stored: bytes = None
    #: What stands before the local header and behind the data.
    before: bytes = b""
    descriptor: bytes = b""
    #: Whether there is a local header, and a central one.
    present: bool = True
    listed: bool = True


@dataclass
class Zip:
    bytes: bytes
    #: Where each header, its name and its data start: (kind, name).
    where: dict


def number(value, length):
    return value.to_bytes(length, "little")


def record(layout, fields):
    return b"".join(number(fields[name], length) for name, length in layout.items())


def entries(top, files):
    """The entries of these files in the order of the format."""
    names = sorted(f"{top}/{path}".encode() for path in files)
    return [Entry(name, files[name.decode().split("/", 1)[1]]) for name in names]


def pack(parts, end=None, prefix=b"", before_directory=b"", zip64=b"", directory=None, suffix=b""):
    """The zip of these entries. `directory` puts the central headers in another order; `zip64` stands
    before the end record, and may be made from the place and length of the directory."""
    out, where, offsets = bytearray(prefix), {}, {}
    for index, part in enumerate(parts):
        out += part.before
        offsets[index] = len(out)
        if not part.present:
            continue
        stored = part.data if part.stored is None else part.stored
        name = part.name if part.local_name is None else part.local_name
        fields = {**common(part, stored), "signature": 0x04034B50, "name_length": len(name)}
        fields |= {"extra_length": len(part.local_extra), **part.both, **part.local}
        where["local", part.name] = len(out)
        out += record(LOCAL, fields)
        where["local name", part.name] = len(out)
        out += name + part.local_extra
        where["data", part.name] = len(out)
        out += stored + part.descriptor
    out += before_directory
    start = len(out)
    listed = [(index, part) for index, part in enumerate(parts) if part.listed]
    for index, part in directory(listed) if directory else listed:
        fields = {
            **common(part, part.data if part.stored is None else part.stored),
            "signature": 0x02014B50,
            "made_by": 0x030A,
            "extra_length": len(part.central_extra),
            "comment_length": len(part.comment),
            "disk": 0,
            "internal": 0,
            "external": REGULAR,
            "offset": offsets[index],
            **part.both,
            **part.central,
        }
        where["central", part.name] = len(out)
        out += record(CENTRAL, fields)
        where["central name", part.name] = len(out)
        out += part.name + part.central_extra + part.comment
    length = len(out) - start
    out += zip64(start, length, len(listed)) if callable(zip64) else zip64
    fields = {"signature": 0x06054B50, "disk": 0, "directory_disk": 0, "disk_entries": len(listed)}
    fields |= {"entries": len(listed), "length": length, "offset": start, "comment_length": 0}
    where["end", None] = len(out)
    out += record(END, fields | (end or {})) + suffix
    return Zip(bytes(out), where)


def common(part, stored):
    return {
        "version": 10,
        "flags": 0 if part.name.isascii() else 0x0800,
        "method": 0,
        "time": 0,
        "date": 0x0021,
        "crc": zlib.crc32(part.data),
        "stored": len(stored),
        "size": len(part.data),
        "name_length": len(part.name),
    }


def field_at(packed, kind, name, wanted):
    """Where a field stands, and its length."""
    layout = {"local": LOCAL, "central": CENTRAL, "end": END}[kind]
    at = packed.where[kind, name]
    for field_name, length in layout.items():
        if field_name == wanted:
            return at, length
        at += length
    raise KeyError(wanted)


def flip(packed, at, mask=1):
    """The zip with bits of one byte flipped."""
    out = bytearray(packed.bytes)
    out[at] ^= mask
    return bytes(out)


def extra(tag, data):
    return number(tag, 2) + number(len(data), 2) + data
