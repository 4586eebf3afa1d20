#!/usr/bin/env python3
"""Writes the evidence of the sample case `eu-ad-library-audit`.

EVERYTHING IS SYNTHETIC: no ad, advertiser, page, person or statement in these files exists or ever
existed. The design and the sizes of the effects are chosen by hand, below, to show what a report on
ads that nobody on the team bought looks like.

    python3 make_eu_ad_library_audit.py [FOLDER]

writes FOLDER/evidence/* and FOLDER/custody.jsonl (default: the folder `eu-ad-library-audit` beside
this script). Two runs write the same bytes on every machine: the only randomness is
`random.Random(SEED).random()`, which Python keeps stable, used with + - * / and rounding alone.
"""

import json
from datetime import date, timedelta

from synthetic import Chance, plain_csv, split, statements_csv, write_case

SEED = 20250506
SEARCHED = date(2025, 5, 6)
FIRST_START = date(2025, 2, 3)

COUNTRIES = ("AT", "BE", "DE", "NL")
NAMES = {"AT": "Austria", "BE": "Belgium", "DE": "Germany", "NL": "Netherlands"}
# About how many people an ad reaches in a country where it is shown, in parts.
SIZES = {"AT": 9, "BE": 11, "DE": 62, "NL": 18}
AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+", "Unknown")

# Arm: id and name of the page, payer, share of men lowest and highest over the ads, weights of the
# ages, odds of a man by age against the ad's own odds.
ARMS = {
    "nursery": ("100000000000011", "Example Nursery Network", "Example Nursery Network gGmbH",
                0.075, 0.205, (26, 30, 20, 13, 8, 3, 0.4), (0.8, 0.9, 1.0, 1.1, 1.3, 1.5, 1.0)),
    "haulier": ("100000000000022", "Example Haulage Group", "Example Haulage Group B.V.",
                0.775, 0.935, (12, 24, 24, 22, 14, 4, 0.4), (0.8, 1.0, 1.1, 1.1, 1.0, 0.7, 1.0)),
}  # fmt: skip
UNKNOWN_SHARE = 0.009

# Arm, countries, language, days shown (None: no end in the library), reach, creative in words, text
# in the language of the ad, the same in English.
ADS = (
    ("nursery", ("DE",), "de", 21, 41800, "A room with small chairs and a rug; nobody in the picture", "Erzieher (m/w/d) gesucht. Arbeit mit Sinn, nah bei dir.", "Nursery teachers wanted. Work that matters, near you."),
    ("nursery", ("DE", "AT"), "de", 30, 58300, "Paint pots and brushes on a table", "Kita-Teams suchen Verstärkung (m/w/d). Jetzt bewerben.", "Nursery teams are looking for support. Apply now."),
    ("nursery", ("NL", "BE"), "nl", 14, 9700, "Paint pots and brushes on a table", "Pedagogisch medewerker gezocht (m/v/x). Solliciteer nu.", "Nursery teachers wanted. Apply now."),
    ("nursery", ("DE", "AT"), "de", 10, 14200, "A row of coat pegs with rubber boots below", "Quereinstieg in die Kita: Wir bilden aus (m/w/d).", "Change over to nursery work: we train you."),
    ("nursery", ("NL",), "nl", 7, 3400, "A row of coat pegs with rubber boots below", "Werken in de kinderopvang? Wij leiden je op (m/v/x).", "Work in a nursery? We train you."),
    ("nursery", ("AT", "BE", "DE", "NL"), "de", None, 33600, "The logo of the advertiser on a plain ground", "Komm in unser Team (m/w/d).", "Join our team."),
    ("haulier", ("DE",), "de", 21, 36900, "A lorry on a motorway at dawn; nobody in the picture", "Berufskraftfahrer (m/w/d) gesucht. Feste Touren.", "Lorry drivers wanted. Fixed routes."),
    ("haulier", ("DE", "AT"), "de", 30, 52400, "A row of parked lorries", "Fahrer (m/w/d) für den Nahverkehr. Jeden Abend zu Hause.", "Drivers for local routes. Home every evening."),
    ("haulier", ("NL", "BE"), "nl", 14, 12600, "A row of parked lorries", "Vrachtwagenchauffeur gezocht (m/v/x). Solliciteer nu.", "Lorry drivers wanted. Apply now."),
    ("haulier", ("DE", "AT"), "de", 10, 17500, "A steering wheel and a dashboard", "Führerschein fehlt? Wir zahlen ihn (m/w/d).", "No licence yet? We pay for it."),
    ("haulier", ("NL",), "nl", 7, 4100, "A steering wheel and a dashboard", "Geen rijbewijs? Wij betalen het (m/v/x).", "No licence yet? We pay for it."),
    ("haulier", ("AT", "BE", "DE", "NL"), "de", 28, 29800, "The logo of the advertiser on a plain ground", "Komm in unser Team (m/w/d).", "Join our team."),
)  # fmt: skip
# The platform estimates the total by itself; for this ad the cells add up to less.
TOTAL_DIFFERS, TOTAL_EXTRA = 7, 612
# The library listed this ad on both pages of its answer.
ON_BOTH_PAGES = 5
PAGE = 6

# Id, source, role, date, asked, asked on, quote, reference.
STATEMENTS = (
    ("nursery", "Example Nursery Network", "other", "2025-05-21", "Whom were the ads meant for, and were the reach figures known?", "2025-05-12", "We want men and women in our teams and chose all genders. We had never opened the page that shows who saw the ads.", "e-mail, on file (synthetic)"),
    ("haulier", "Example Haulage Group", "other", "", "Whom were the ads meant for, and were the reach figures known?", "2025-05-12", "", "e-mail, on file; reminder sent (synthetic)"),
    ("platform", "The platform's press office", "platform", "2025-05-23", "Why did job ads that were open to all genders reach men and women so unequally?", "2025-05-12", "Our system shows ads to people who are likely to respond to them. Advertisers choose the audience.", "e-mail, on file (synthetic)"),
    ("expert", "A researcher of ad delivery who read the method", "expert", "2025-05-19", "What can such an audit show, and what can it not show?", "2025-05-14", "It shows who was reached. Without the budgets, the bids and the clicks it cannot show why, and an outsider has none of them.", "e-mail, on file (synthetic)"),
)  # fmt: skip

METHOD = """\
# How the ads were found and coded (synthetic)

This document belongs to a synthetic case. No ad, advertiser or page in it is real.

1. On 6 May 2025 the ads of two pages, a nursery and a haulier, were requested from the interface
   `ads_archive` of the platform's ad library: all ads, active and inactive, shown in Austria,
   Belgium, Germany or the Netherlands since 1 February 2025. The answer came in two pages. They are
   kept as received, one page a line.
2. The same day the two pages were opened in the library's web interface, which listed fourteen ads.
   Two of them were missing from the answer. They were not added by hand.
3. An ad that the library lists twice is counted once.
4. Kept are ads that offer a job and whose targeting says all genders. All twelve do.
5. One person noted what each picture shows, and translated the text. Pictures are not part of the
   case file.
6. Men and women are counted as the library publishes them: people reached, estimated, by country,
   age and gender. Within an ad they are added up over countries and ages, since the library counts
   an account in one cell. Over ads they are never added up.
"""


def odds(share):
    return share / (1 - share)


def make_ads(chance):
    """The ads with their cells; within an arm the share of men differs from ad to ad."""
    ads = []
    for place, (arm, countries, language, days, reach, creative, text, english) in enumerate(ADS):
        page_id, page, payer, low, high, age_weights, age_odds = ARMS[arm]
        start = FIRST_START + timedelta(days=place % 6 * 9)
        own = odds(chance.between(low, high))
        reach = round(reach * chance.between(0.97, 1.03))
        cells = []
        by_country = split(reach, [SIZES[country] * chance.between(0.8, 1.2) for country in countries])
        for country, people in zip(countries, by_country):
            there = own * chance.between(0.8, 1.25)
            by_age = split(people, [weight * chance.between(0.8, 1.25) for weight in age_weights])
            for age, n, factor in zip(AGES, by_age, age_odds):
                here = there * factor * chance.between(0.85, 1.18)
                unknown = round(n * UNKNOWN_SHARE * chance.between(0.3, 1.9)) if age != "Unknown" else n
                if age == "Unknown":
                    unknown = round(n * chance.between(0.5, 0.9))
                men = round((n - unknown) * here / (1 + here))
                cells.append((country, age, men, n - unknown - men, unknown))
        total = sum(sum(cell[2:]) for cell in cells)
        ads.append({
            "arm": arm, "id": str(700000000001000 + 7919 * place + 37 * (place % 5)), "page_id": page_id,
            "page": page, "payer": payer, "language": language, "countries": countries, "creative": creative,
            "text": text, "english": english, "start": start,
            "stop": None if days is None else start + timedelta(days=days), "cells": cells,
            "total": total + (TOTAL_EXTRA if place == TOTAL_DIFFERS else 0),
        })  # fmt: skip
    return ads


def breakdown(ad):
    """Cells by country; where nobody was counted the key is absent, as in the library."""
    countries = []
    for country in ad["countries"]:
        ages = []
        for _, age, men, women, unknown in (cell for cell in ad["cells"] if cell[0] == country):
            counts = {"male": men, "female": women, "unknown": unknown}
            counts = {gender: n for gender, n in counts.items() if n}
            if counts:
                ages.append({"age_range": age, **counts})
        countries.append({"country": country, "age_gender_breakdowns": ages})
    return countries


def record(ad):
    """An ad as the interface `ads_archive` gives it."""
    fields = {
        "id": ad["id"],
        "page_id": ad["page_id"],
        "page_name": ad["page"],
        "ad_creation_time": str(ad["start"] - timedelta(days=2)),
        "ad_delivery_start_time": str(ad["start"]),
    }
    if ad["stop"]:
        fields["ad_delivery_stop_time"] = str(ad["stop"])
    return {
        **fields,
        "ad_creative_bodies": [ad["text"]],
        "ad_snapshot_url": f"https://www.facebook.com/ads/archive/render_ad/?id={ad['id']}&access_token=SYNTHETIC",
        "publisher_platforms": ["facebook", "instagram"],
        "languages": [ad["language"]],
        "eu_total_reach": ad["total"],
        "total_reach_by_location": [{"key": "EU", "value": ad["total"]}],
        "age_country_gender_reach_breakdown": breakdown(ad),
        "target_ages": ["18", "65+"],
        "target_gender": "All",
        "target_locations": [
            {"name": NAMES[c], "num_obfuscated": 0, "type": "countries", "excluded": False} for c in ad["countries"]
        ],
        "beneficiary_payers": [{"payer": ad["payer"], "beneficiary": ad["payer"], "current": True}],
    }


def library_answer(ads):
    """The two pages of one answer, a page a line; one ad is on both, as happens while the library
    changes. Addresses hold a token of access, as the real ones do: it must not get out."""
    first, second = ads[:PAGE], [ads[ON_BOTH_PAGES], *ads[PAGE:]]
    after = "SYNTHETICcursor0002"
    next_page = f"https://graph.facebook.com/v22.0/ads_archive?access_token=SYNTHETIC&limit={PAGE}&after={after}"
    pages = (
        {"data": [record(ad) for ad in first], "paging": {"cursors": {"after": after}, "next": next_page}},
        {"data": [record(ad) for ad in second], "paging": {"cursors": {"before": after}}},
    )
    return "".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages)


def ads_file(ads):
    header = "ad,account,arm,creative,text,targeting,start,end".split(",")
    rows = []
    for ad in ads:
        places = ", ".join(NAMES[country] for country in ad["countries"])
        targeting = f"As declared in the library: all genders; 18 to 65+; {places}"
        rows.append([ad["id"], ad["page"], ad["arm"], ad["creative"], ad["english"], targeting, ad["start"],
                     ad["stop"] or ""])  # fmt: skip
    return plain_csv(header, rows)


def provenance(file):
    """On, by, from, how of a file, for the custody log."""
    if file == "ads_archive.jsonl":
        return str(SEARCHED), "Sample Desk", "Ad library of the platform, interface ads_archive", "answer to one request, both pages, as received"
    return {
        "ads.csv": ("2025-05-08", "Sample Desk", "Ad library of the platform", "coded by hand from the library's pages"),
        "method.md": ("2025-05-06", "Sample Desk", "Sample Desk", "written down before the numbers were looked at"),
        "statements.csv": ("2025-05-23", "Sample Desk", "Statements", "copied from letters and notes on file"),
    }[file]


def main():
    ads = make_ads(Chance(SEED))
    texts = {
        "ads_archive.jsonl": library_answer(ads),
        "ads.csv": ads_file(ads),
        "statements.csv": statements_csv(STATEMENTS),
        "method.md": METHOD,
    }
    write_case("eu-ad-library-audit", texts, provenance)


if __name__ == "__main__":
    main()
