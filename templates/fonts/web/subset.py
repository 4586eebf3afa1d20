"""Makes the web fonts and the table of advance widths from the released fonts.

Usage: npm pack source-sans@3.52.0 source-serif@4.5.1, unpack both, then
    pip install fonttools==4.68.0 brotli==1.2.1
    python3 subset.py source-sans/package/TTF source-serif/package/TTF

"Source" is a Reserved Font Name under the Open Font License, and a subset is a modified version:
the family is renamed, the copyright and licence records stay.
"""

import sys
from fontTools import subset
from fontTools.ttLib import TTFont

# Latin, Latin-1, Latin Extended-A, Romanian commas, typographic punctuation, arrows, signs.
CHARACTERS = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x2C6, 0x2DA, 0x2DC, 0x2009,
    *range(0x2010, 0x2016), *range(0x2018, 0x2020), *range(0x2020, 0x2023), 0x2026, 0x202F, 0x2030,
    0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2122, *range(0x2190, 0x2194), 0x2197, 0x2212,
    0x2248, 0x2260, 0x2264, 0x2265, 0x25CB, 0x25CF, 0x2713, 0x2717,
]
FACES = [
    (1, "SourceSans3-Regular", "sans-regular", "Casefile Sans", "Regular"),
    (1, "SourceSans3-Semibold", "sans-semibold", "Casefile Sans", "Semibold"),
    (2, "SourceSerif4-Regular", "serif-regular", "Casefile Serif", "Regular"),
    (2, "SourceSerif4-It", "serif-italic", "Casefile Serif", "Italic"),
    (2, "SourceSerif4-Semibold", "serif-semibold", "Casefile Serif", "Semibold"),
]


def rename(font, family, style):
    names = {1: f"{family} {style}", 2: "Regular", 3: f"{family} {style}", 4: f"{family} {style}",
             6: f"{family}-{style}".replace(" ", ""), 16: family, 17: style}
    table = font["name"]
    for record in list(table.names):
        if record.nameID in names:
            table.setName(names[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID)
        elif record.nameID not in (0, 13, 14):
            table.removeNames(nameID=record.nameID)


def main():
    advances = {}
    for folder, source, target, family, style in FACES:
        font = TTFont(f"{sys.argv[folder]}/{source}.ttf", recalcTimestamp=False)
        if folder == 1:
            cmap, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
            assert em == 1000
            for character in CHARACTERS:
                if character in cmap:
                    advances.setdefault(character, []).append(widths[cmap[character]][0])
        options = subset.Options()
        options.flavor = "woff2"
        options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum"]
        options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14, 16, 17]
        options.hinting = False
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        rename(font, family, style)
        subset.save_font(font, f"{target}.woff2", options)
    with open("advances.tsv", "w", encoding="ascii", newline="\n") as out:
        for character, widths in sorted(advances.items()):
            out.write(f"{character:04X}\t{widths[0]}\t{widths[1]}\n")


main()
