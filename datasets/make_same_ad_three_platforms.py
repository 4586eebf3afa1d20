#!/usr/bin/env python3
"""Writes the evidence of the sample case `same-ad-three-platforms`.

EVERYTHING IS SYNTHETIC: no ad, account, course or person in these files exists or ever existed, and
no platform delivered anything. The design and the sizes of the effects are chosen by hand, below,
to show what a report on one ad on three platforms looks like. They say nothing about the platforms.

    python3 make_same_ad_three_platforms.py [FOLDER]

writes FOLDER/evidence/* and FOLDER/custody.jsonl (default: the folder `same-ad-three-platforms`
beside this script). Two runs write the same bytes on every machine: the only randomness is
`random.Random(SEED).random()`, which Python keeps stable, used with + - * / and rounding alone.
"""

from datetime import date

from synthetic import Chance, plain_csv, sha256, split, statements_csv, write_case

SEED = 20250915
START, END = date(2025, 9, 1), date(2025, 9, 14)
EXPORTED = date(2025, 9, 17)
BUDGET_CENTS = 4000

# Platform: share of men lowest and highest over the ads, share of unknown gender, cents for a
# thousand impressions lowest and highest, clicks per impression.
PLATFORMS = {
    "meta": ("Meta", 0.21, 0.32, 0.006, 520, 640, 0.011),
    "google": ("Google", 0.43, 0.53, 0.31, 140, 180, 0.004),
    "tiktok": ("TikTok", 0.31, 0.41, 0.02, 330, 420, 0.006),
}
ADS_EACH = 4
# Held in review until the last evening, so that most of its budget was not spent.
LATE, LATE_PART = ("tiktok", 3), 0.055

# Age and its part of men and women. Google's report does not split gender by age.
AGES = {
    "meta": (("25-34", 22, 30), ("35-44", 33, 41), ("45-54", 22, 16), ("55-64", 14, 8), ("65+", 9, 5)),
    "tiktok": (("25-34", 52, 55), ("35-44", 31, 33), ("45-54", 15.6, 9), ("55+", 1.4, 3)),
}
# TikTok writes `<5` where a cell was shown fewer than five times.
MASKED_BELOW = 5

CREATIVE = "A swimming pool with two lane ropes and a yellow duck; nobody in the picture"
TEXT = "Swimming course for children aged 5 to 8. Starts in October."
TARGETING = "Age 25 and over; all genders; no interests; one town and 20 km around"

# Id, source, role, date, asked, asked on, quote, reference.
STATEMENTS = (
    ("school", "The Example Swimming School", "merchant", "2025-09-24", "Whom should the ad reach?", "2025-09-18", "Whoever brings a child to the pool. That is as often the father.", "telephone call, notes on file (synthetic)"),
    ("expert", "A researcher of ad delivery who read the protocol and the counts", "expert", "2025-09-29", "What does a comparison between platforms show?", "2025-09-22", "It compares what each platform reports of itself. Who uses a platform, whom it takes for a man and whom its system picks are all in one number.", "e-mail, on file (synthetic)"),
)  # fmt: skip

PROTOCOL = """\
# Protocol of the test (synthetic)

This document belongs to a synthetic case. No ad, account or course in it is real, and none of the
platforms that it names delivered anything.

1. One picture and one text on three platforms: Meta, Google (display) and TikTok. On each, one
   campaign with four ad sets (Google: ad groups) of one ad each.
2. The same for all: age 25 and over, all genders, no interests, one town and 20 km around, objective
   traffic, 40 EUR for each ad set, 1 to 14 September 2025. Automatic variations are switched off.
3. One export for each platform on 17 September 2025, three days after the end. Files are not edited:
   Meta by ad, age and gender (CSV); Google by ad group and gender ("Excel .csv"); TikTok by ad, age
   and gender (CSV).
4. What is counted are impressions. Reach is not comparable: Google and TikTok do not give it in these
   exports.
5. Cells that TikTok writes as fewer than five stay as they are. They are not filled in,
   and no ad is left out because it has some.
6. Since the case is synthetic, no platform was asked for comment.
"""


def make_ads(chance):
    """The ads of each platform with their cells: age (None on Google), gender, impressions, clicks, cents."""
    ads = []
    for platform, (name, low, high, unknown_share, least, most, click_rate) in PLATFORMS.items():
        for number in range(1, ADS_EACH + 1):
            cents = BUDGET_CENTS - round(chance.between(0, 90))
            if (platform, number) == LATE:
                cents = round(cents * LATE_PART)
            impressions = round(cents * 1000 / chance.between(least, most))
            unknown = round(impressions * unknown_share * chance.between(0.85, 1.15))
            # The ads share the range evenly, each with a draw of its own.
            place = (number - 1 + chance.random()) / ADS_EACH
            men = round((impressions - unknown) * (low + (high - low) * place))
            by_gender = (("female", impressions - unknown - men), ("male", men), ("unknown", unknown))
            shown = []
            for gender, total in by_gender:
                ages = AGES.get(platform, ((None, 1, 1),))
                column = 1 if gender == "male" else 2
                weights = [age[column] * chance.between(0.88, 1.12) for age in ages]
                shown += [(age[0], gender, n) for age, n in zip(ages, split(total, weights)) if n]
            money = split(cents, [n * chance.between(0.9, 1.1) for _, _, n in shown])
            cells = []
            for (age, gender, n), cost in zip(shown, money):
                clicks = int(n * click_rate * chance.between(0.6, 1.4) + chance.random())
                cells.append({"age": age, "gender": gender, "impressions": n, "clicks": min(clicks, n), "cents": cost,
                              "reach": max(1, round(n / chance.between(1.15, 1.6)))})  # fmt: skip
            ads.append({"platform": platform, "ad": f"Swim {name} {number}", "cents": cents, "cells": cells})
    return ads


def of(ads, platform):
    return [(ad, cell) for ad in ads if ad["platform"] == platform for cell in ad["cells"]]


def euros(cents):
    return f"{cents / 100:.2f}"


def number(value):
    return f"{value:.6f}".rstrip("0").rstrip(".")


def meta_file(ads):
    """Ads Manager by age and gender: UTF-8 with a mark of byte order, totals in the first row."""
    rows = of(ads, "meta")
    head = ["Campaign name", "Ad set name", "Ad name", "Age", "Gender", "Reach", "Impressions", "Frequency",
            "Result type", "Results", "Amount spent (EUR)", "Starts", "Ends", "Reporting starts", "Reporting ends"]  # fmt: skip
    days = [str(START), str(END)]

    def line(names, cell, reach):
        clicks = cell["clicks"]
        results = ["Link clicks", str(clicks)] if clicks else ["", ""]
        return [*names, str(reach), str(cell["impressions"]), number(cell["impressions"] / reach), *results,
                euros(cell["cents"])]  # fmt: skip

    totals = {key: sum(cell[key] for _, cell in rows) for key in ("impressions", "clicks", "cents")}
    # People reached by several ads count once in the total.
    reach = round(sum(cell["reach"] for _, cell in rows) * 0.71)
    table = [[*line([""] * 5, totals, reach), "", "", *days]]
    for ad, cell in rows:
        names = ["Swimming course", f"Adults near the pool {ad['ad'][-1]}", ad["ad"], cell["age"], cell["gender"]]
        table.append([*line(names, cell, cell["reach"]), *days, *days])
    return "\ufeff" + plain_csv(head, table)


def google_file(ads):
    """The gender report as "Excel .csv": UTF-16, tabs, two lines before the headings, totals below.

    Rows without delivery are written, and what cannot be computed is a space and two hyphens."""
    head = "Demographic status,Gender,Campaign,Ad group,Status,Clicks,Impr.,CTR,Currency code,Avg. CPC,Cost".split(",")

    def counts(clicks, impressions, cents):
        rate = f"{100 * clicks / impressions:.2f}%" if impressions else " --"
        each = euros(cents / clicks) if clicks else " --"
        return [f"{clicks:,}", f"{impressions:,}", rate, "EUR", each, euros(cents)]

    rows = of(ads, "google")
    table = [["Gender report"], [f"{START:%B} {START.day}, {START.year} - {END:%B} {END.day}, {END.year}"], head]
    for gender in ("Male", "Female", "Unknown"):
        for ad, cell in rows:
            if cell["gender"] == gender.lower():
                table.append(["Enabled", gender, "Swimming course", ad["ad"], "Eligible",
                              *counts(cell["clicks"], cell["impressions"], cell["cents"])])  # fmt: skip
        table.append(["Enabled", gender, "Swimming course", "Leaflet draft", "Ad group paused", *counts(0, 0, 0)])
    totals = [sum(cell[key] for _, cell in rows) for key in ("clicks", "impressions", "cents")]
    for name in ("Genders", "Account", "Display"):
        table.append([f"Total: {name}", " --", " --", " --", " --", *counts(*totals)])
    return ("\ufeff" + "".join("\t".join(line) + "\n" for line in table)).encode("utf-16-le")


def tiktok_file(ads):
    """Ads Manager by ad, age and gender: cells shown fewer than five times are masked; totals last."""
    head = ["Ad name", "Age", "Gender", "Cost", "Impressions", "CPM", "Clicks (destination)", "CPC (destination)",
            "CTR (destination)", "Currency"]  # fmt: skip
    rows = of(ads, "tiktok")

    def counts(clicks, impressions, cents):
        masked = impressions < MASKED_BELOW
        return [euros(cents), "<5" if masked else str(impressions), "--" if masked else euros(cents * 1000 / impressions),
                str(clicks), euros(cents / clicks) if clicks else "--",
                "--" if masked else f"{100 * clicks / impressions:.2f}%", "EUR"]  # fmt: skip

    table = []
    for ad, cell in rows:
        table.append([ad["ad"], cell["age"], cell["gender"].capitalize(),
                      *counts(cell["clicks"], cell["impressions"], cell["cents"])])  # fmt: skip
    totals = [sum(cell[key] for _, cell in rows) for key in ("clicks", "impressions", "cents")]
    table.append([f"Total of {len(rows)} results", "--", "--", *counts(*totals)])
    return plain_csv(head, table)


def ads_file(ads):
    header = "ad,account,arm,creative,creative_sha256,text,targeting,objective,start,end,budget,spend,currency".split(",")
    digest = sha256(b"synthetic creative: swimming course")
    rows = [[ad["ad"], f"account-{ad['platform']}", ad["platform"], CREATIVE, digest, TEXT, TARGETING, "traffic", START,
             END, euros(BUDGET_CENTS), euros(ad["cents"]), "EUR"] for ad in ads]  # fmt: skip
    return plain_csv(header, rows)


TIKTOK = f"tiktok_swimming_{START:%Y%m%d}_{END:%Y%m%d}_GMT+2.csv"


def provenance(file):
    """On, by, from, how of a file, for the custody log."""
    desk = "Sample Desk"
    if file.startswith("delivery/"):
        origin = {"m": "Meta Ads Manager", "g": "Google Ads", "t": "TikTok Ads Manager"}[file.removeprefix("delivery/")[0]]
        return str(EXPORTED), desk, f"{origin} (synthetic)", "export of the finished campaign, unchanged"
    return {
        "ads.csv": (str(EXPORTED), desk, "Test plan", "kept by hand, spend from the exports"),
        "protocol.md": ("2025-08-22", desk, desk, "agreed before the first ad ran"),
        "statements.csv": ("2025-09-29", desk, "Statements", "copied from letters and notes on file"),
    }[file]


def main():
    ads = make_ads(Chance(SEED))
    contents = {
        f"delivery/meta_swimming_{EXPORTED}.csv": meta_file(ads),
        f"delivery/google_gender_{EXPORTED}.csv": google_file(ads),
        f"delivery/{TIKTOK}": tiktok_file(ads),
        "ads.csv": ads_file(ads),
        "statements.csv": statements_csv(STATEMENTS),
        "protocol.md": PROTOCOL,
    }
    write_case("same-ad-three-platforms", contents, provenance)


if __name__ == "__main__":
    main()
