#!/usr/bin/env python3
"""Writes the evidence of the sample case `child-jewellery-ads`.

EVERYTHING IS SYNTHETIC: no ad, account, person, message, call or statement in these files exists
or ever existed. The design and the sizes of the effects are chosen by hand, below, to show what a
report on such a test looks like.

    python3 make_child_jewellery_ads.py [FOLDER]

writes FOLDER/evidence/* and FOLDER/custody.jsonl (default: the folder `child-jewellery-ads` beside
this script). Two runs write the same bytes on every machine: the only randomness is
`random.Random(SEED).random()`, which Python keeps stable, used with + - * / and rounding alone.
"""

from datetime import date, datetime, timedelta

from synthetic import Chance, plain_csv, sha256, split, statements_csv, write_case

SEED = 20241123
START, END = date(2024, 11, 4), date(2024, 11, 17)
BUDGET_CENTS = 2500

ACCOUNTS = ("shop", "newsroom")
PIECES = ("bracelet", "necklace", "earrings", "brooch", "hairpin")

# Arm: creative, share of men lowest and highest, impressions of an ad lowest and highest, clicks
# per impression.
ARMS = {
    "child": ("A child wears the {}; face visible", 0.805, 0.945, 4600, 8900, 0.012),
    "item": ("The {} alone on a plain ground", 0.31, 0.49, 1550, 3400, 0.009),
    "covered": ("The same photo; the child covered by a grey shape, the {} visible", 0.41, 0.59, 1800, 4100, 0.009),
}
UNKNOWN_SHARE = 0.005

AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
AGE_WEIGHTS = {
    ("child", "male"): (3, 7, 14, 25, 28, 23),
    ("child", "female"): (8, 27, 29, 17, 11, 8),
    ("other", "male"): (9, 23, 27, 19, 13, 9),
    ("other", "female"): (8, 31, 30, 15, 9, 7),
    ("any", "unknown"): (10, 20, 20, 20, 15, 15),
}

# When the exports were taken, and how much of the delivery had happened by then.
SNAPSHOTS = (
    ("2024-11-05_0900", date(2024, 11, 5), 0.08),
    ("2024-11-08_0900", date(2024, 11, 8), 0.31),
    ("2024-11-12_0900", date(2024, 11, 12), 0.59),
    ("2024-11-18_0900", date(2024, 11, 17), 1.0),
)
# Platforms restate cumulative figures. In this cell nothing was delivered between the second and
# the third export, and reach went down.
RESTATED = ("newsroom brooch item", "18-24", "female")

# Region and about its share of the population, in thousandths.
REGIONS = {
    "Baden-Württemberg": 133, "Bavaria": 158, "Berlin": 45, "Brandenburg": 31, "Bremen": 8, "Hamburg": 22,
    "Hesse": 76, "Lower Saxony": 97, "Mecklenburg-Vorpommern": 19, "North Rhine-Westphalia": 215,
    "Rhineland-Palatinate": 49, "Saarland": 12, "Saxony": 48, "Saxony-Anhalt": 26, "Schleswig-Holstein": 35,
    "Thuringia": 25, "Unknown": 3,
}  # fmt: skip

# Contacts about ads of the child arm: event, channel, code, how many.
CHILD_CONTACTS = (
    ("message", "direct_message", "GREETING", 17),
    ("message", "direct_message", "REQ_CONTACT", 11),
    ("message", "direct_message", "APPEARANCE", 8),
    ("message", "direct_message", "COMPLIMENT", 5),
    ("message", "direct_message", "REQ_IMAGES", 5),
    ("message", "direct_message", "SEXUAL_ACCOUNT", 3),
    ("message", "direct_message", "SEXUAL_SUBJECT", 3),
    ("message", "direct_message", "PURCHASE", 2),
    ("message", "direct_message", "REQ_MEET", 2),
    ("message", "direct_message", "SPAM", 1),
    ("message", "direct_message", "UNCODABLE", 1),
    ("comment", "comments", "COMPLIMENT", 6),
    ("comment", "comments", "APPEARANCE", 6),
    ("comment", "comments", "GREETING", 2),
    ("comment", "comments", "SPAM", 2),
    ("comment", "comments", "SEXUAL_SUBJECT", 1),
    ("follow", "profile", "NO_CONTENT", 14),
    ("offer", "direct_message", "OFFER_MONEY", 1),
    ("call", "phone", "REQ_CONTACT", 2),
    ("call", "phone", "GREETING", 2),
    ("call", "phone", "REQ_MEET", 1),
    ("call", "phone", "PURCHASE", 1),
    ("call", "phone", "SEXUAL_ACCOUNT", 1),
    ("call", "phone", "NO_CONTENT", 1),
    ("call_missed", "phone", "NO_CONTENT", 16),
)
# About the other ads: ad, event, channel, code, sender's apparent gender, day of the run, time.
OTHER_CONTACTS = (
    ("shop necklace item", "message", "direct_message", "PURCHASE", "female", 5, "11:42"),
    ("newsroom earrings item", "comment", "comments", "COMPLIMENT", "female", 8, "20:05"),
    ("shop bracelet covered", "message", "direct_message", "PURCHASE", "female", 3, "18:31"),
    ("shop hairpin covered", "message", "direct_message", "PURCHASE", "female", 6, "09:17"),
    ("newsroom brooch covered", "message", "direct_message", "GREETING", "male", 7, "21:48"),
    ("newsroom bracelet covered", "comment", "comments", "COMPLIMENT", "unknown", 10, "14:02"),
)
ONLINE_SENDERS = ("male",) * 43 + ("female",) * 2 + ("unknown",) * 4
CALLERS, MISSED_CALLERS, WITHHELD_NUMBERS = 6, 9, 2
DOUBLE_CODED, DISAGREED = 94, 14
# The code that a second coder is likely to choose instead.
NEAR = {
    "GREETING": "COMPLIMENT", "COMPLIMENT": "GREETING", "APPEARANCE": "COMPLIMENT", "REQ_CONTACT": "GREETING",
    "REQ_IMAGES": "APPEARANCE", "SEXUAL_ACCOUNT": "APPEARANCE", "SEXUAL_SUBJECT": "APPEARANCE",
    "PURCHASE": "COMPLIMENT", "REQ_MEET": "REQ_CONTACT", "OFFER_MONEY": "OTHER", "SPAM": "OTHER",
    "UNCODABLE": "OTHER",
}  # fmt: skip

# First seen, then days until identified (None: never), reported, removed (None: still online).
SEEN_ACCOUNTS = (
    ("2024-09-24", 20, "court record", 24, 33),
    ("2024-10-02", 12, "public registry", 15, None),
    ("2024-10-09", 16, "court record", 16, 61),
    ("2024-11-04", 9, "public registry", 11, 14),
    ("2024-11-04", None, "", 8, None),
    ("2024-11-05", 21, "court record", 23, 42),
    ("2024-11-06", 14, "public registry", 15, 98),
    ("2024-11-07", 30, "court record", 31, None),
    ("2024-11-09", None, "", 5, 12),
    ("2024-11-10", 18, "court record", 20, None),
    ("2024-11-12", 11, "public registry", 13, 29),
    ("2024-11-13", 25, "court record", 27, 76),
    ("2024-11-16", None, "", 9, None),
    ("2024-11-19", 17, "public registry", 18, 23),
)
LAST_CHECKED = date(2025, 2, 28)

# Test account: what it follows, chance of an item with a child in it, of an adult-content creator.
VIEWERS = {
    "viewer-01": ("ballet schools and parenting magazines", 0.30, 0.00),
    "viewer-02": ("ballet schools and parenting magazines", 0.26, 0.02),
    "viewer-03": ("the public follows of an account that contacted the test", 0.44, 0.18),
    "viewer-04": ("the public follows of an account that contacted the test", 0.40, 0.24),
    "viewer-05": ("nothing", 0.06, 0.04),
    "viewer-06": ("nothing", 0.08, 0.02),
}
ITEMS = 20

# Id, source, role, date, asked, asked on, quote, reference.
STATEMENTS = (
    ("merchant", "The maker of the jewellery", "merchant", "2024-12-02", "What happened when the shop first advertised with photos of children?", "2024-11-25", "We chose parents and ballet. Within a day the telephone rang, and nobody who called wanted a bracelet.", "interview, on file"),
    ("second-merchant", "A maker of children's dance clothes", "merchant", "2024-12-05", "Has the shop seen who is shown its ads?", "2024-11-28", "I looked at the breakdown for the first time when you asked. I have stopped using photos of children.", "telephone call, notes on file"),
    ("former-employee-ranking", "A former employee of the platform, ad ranking", "former-employee", "2024-12-11", "How does the system choose who sees an ad?", "2024-12-03", "The model predicts who will stop and look. Nobody tells it why somebody looks.", "video call, notes on file"),
    ("former-employee-safety", "A former employee of the platform, child safety", "former-employee", "2024-12-16", "Was the delivery of such ads reviewed?", "2024-12-03", "Reviews covered what an ad shows. Whom it reaches was another team's number.", "interview, on file"),
    ("expert", "A researcher of ad delivery who read the protocol and the counts", "expert", "2025-01-15", "What can the test show, and what can it not show?", "2025-01-08", "With the same targeting, budget and days, the picture is what differs. The test shows what the system did, not why.", "e-mail, on file"),
    ("platform", "The platform's press office", "platform", "2025-02-20", "Why did the ads with a child reach mostly men, and what becomes of reported accounts?", "2025-02-06", "Ads are delivered to people who are likely to be interested in them. We remove accounts that break our rules and are looking into the examples that you sent.", "e-mail, on file"),
    ("regulator", "The media regulator", "authority", "", "Does the regulator examine whom ads with children in them are delivered to?", "2025-02-06", "", "e-mail, on file; reminder sent"),
)  # fmt: skip

PROTOCOL = """\
# Protocol of the test and of the coding (synthetic)

This document belongs to a synthetic case. No ad, account or person in it is real.

## Ads

1. Five pieces of jewellery, each in three versions (photo with the child, the item alone, the same
   photo with the child covered), each version run from two advertiser accounts: thirty ads.
2. All ads share interests (parenting, ballet), age (18 and over), all genders, country, objective
   (traffic), budget (25 EUR) and schedule (4 November 2024, midnight, to 17 November 2024). No ad
   has a text. Automatic variations of creatives are switched off.
3. Exports by age and gender are taken on four mornings and never edited. The last one counts.
4. The child in the photos is a synthetic picture. No photo of a child is part of the case file.

## What comes in

1. Nobody answers, except with the agreed sentence: "This account does not reply." Nobody calls back.
2. Each message, call, missed call, comment, follow or offer is one row. Times are local.
3. Senders get a pseudonym at once. The list that links pseudonyms and handles is kept apart.
4. Apparent gender is noted only with its basis (name or photo of the profile, own statement,
   voice); otherwise it is `unknown`. It is never guessed from the message.
5. Texts are not copied into the log. Explicit material is not opened again, not stored, and
   reported to the authority in charge. Whatever suggests danger to a child is reported the same day.

## Codes

1. C1 codes all rows on the day of arrival. C2 codes a sample later without seeing the codes of C1.
   Disagreements stay in the log; the code of C1 is the one that is counted.
2. One code is the rule; a second one is allowed. Codes: NO_CONTENT, PURCHASE, GREETING, COMPLIMENT,
   APPEARANCE, SEXUAL_ACCOUNT, SEXUAL_SUBJECT, REQ_IMAGES, UNSOL_EXPLICIT, REQ_CONTACT, REQ_MEET,
   OFFER_MONEY, THREAT, SPAM, OTHER, UNCODABLE.
3. Feeds: each item of a session of 20 is coded CHILD_CONTENT (a child is the subject),
   ADULT_CONTENT_CREATOR (the account advertises paid adult content elsewhere) or OTHER. Items that
   had vanished before a coder saw them are marked `no` under `coded`.

## Coders' welfare

Sessions last an hour at most, never alone, with a debriefing after each. Either coder may stop at
any time without giving a reason.
"""


def number(value):
    """A number as Ads Manager prints it: 14 significant digits, no trailing zeros."""
    return format(value, ".14G")


def ads_manager_csv(rows):
    """Byte order mark, LF, quotes only around fields with a space, quote or comma."""

    def field(value):
        return '"' + value.replace('"', '""') + '"' if any(c in value for c in ' ",') else value

    return "\ufeff" + "".join(",".join(map(field, row)) + "\n" for row in rows)


def make_ads(chance):
    """The thirty ads with what the platform will make of each."""
    ads = []
    for arm, (creative, low, high, fewest, most, click_rate) in ARMS.items():
        # One share from each tenth of the range, so that the range is filled.
        steps = chance.shuffled(range(len(ACCOUNTS) * len(PIECES)))
        for account in ACCOUNTS:
            for piece in PIECES:
                place = (steps.pop() + chance.random()) / (len(ACCOUNTS) * len(PIECES))
                ads.append(
                    {
                        "ad": f"{account} {piece} {arm}",
                        "account": account,
                        "arm": arm,
                        "creative": creative.format(piece),
                        "men": low + (high - low) * place,
                        "impressions": chance.whole(fewest, most),
                        "spend": BUDGET_CENTS - chance.whole(0, 60),
                        "click_rate": click_rate,
                    }
                )
    return ads


def make_cells(chance, ad):
    """Final delivery of one ad by age and gender: impressions, cents, clicks, and its series."""
    unknown = max(1, round(ad["impressions"] * UNKNOWN_SHARE * chance.between(0.6, 1.4)))
    known = ad["impressions"] - unknown
    men = round(known * ad["men"])
    cells = []
    for gender, total in (("female", known - men), ("male", men), ("unknown", unknown)):
        family = "any" if gender == "unknown" else "child" if ad["arm"] == "child" else "other"
        weights = [w * chance.between(0.85, 1.15) for w in AGE_WEIGHTS[family, gender]]
        for age, impressions in zip(AGES, split(total, weights)):
            if impressions:
                cells.append({"age": age, "gender": gender, "impressions": impressions})
    cents = split(ad["spend"], [c["impressions"] * chance.between(0.85, 1.15) for c in cells])
    for cell, spend in zip(cells, cents):
        cell["clicks"] = int(cell["impressions"] * ad["click_rate"] * chance.between(0.5, 1.5) + chance.random())
        cell["series"] = cell_series(chance, ad, cell, spend)
    return cells


def cell_series(chance, ad, cell, spend):
    """Reach, impressions, clicks and cents of a cell at each snapshot; none ever falls."""
    frequency = chance.between(1.04, 1.38)
    series, reach = [], 0
    for label, _, done in SNAPSHOTS:
        if done < 1.0:
            done *= chance.between(0.94, 1.06)
            # The system learns: at first the child arm is shown to somewhat more women.
            if ad["arm"] == "child" and cell["gender"] == "female":
                done *= 1 + 0.6 * (1 - done) * (1 - done)
        impressions = int(cell["impressions"] * done)
        reach = min(impressions, max(reach, round(impressions / frequency), 1))
        series.append((reach, impressions, int(cell["clicks"] * done), int(spend * done)))
    if (ad["ad"], cell["age"], cell["gender"]) == RESTATED:
        reach, *rest = series[1]
        series[2] = (reach - 2, *rest)
    return series


def export(account, cells, breakdown, end, dated):
    """One Ads Manager export from (ad, labels of the cell, counts); empty cells are not written."""
    rows = [["Campaign name", "Ad set name", "Ad name", *breakdown, "Reach", "Impressions", "Frequency",
             "Result type", "Results", "Amount spent (EUR)", "Cost per result", "Starts", "Ends",
             "Reporting starts", "Reporting ends"]]  # fmt: skip
    schedule = [str(START), str(END)] if dated else ["", ""]
    for ad, labels, (reach, impressions, clicks, cents) in cells:
        if ad["account"] != account or not impressions:
            continue
        results = ["Link Clicks", str(clicks)] if clicks else ["", ""]
        cost = number(cents / 100 / clicks) if clicks else ""
        rows.append([f"Jewellery {account}", "Parenting and ballet", ad["ad"], *labels, str(reach), str(impressions),
                     number(impressions / reach), *results, number(cents / 100), cost, *schedule,
                     str(START), str(end)])  # fmt: skip
    return ads_manager_csv(rows)


def region_cells(chance, ad):
    """The same impressions, clicks and money by region; fewer people, since nobody is in two cells."""
    final = [cell["series"][-1] for cell in ad["cells"]]
    impressions, clicks, cents = (sum(row[i] for row in final) for i in (1, 2, 3))
    weights = [w * chance.between(0.8, 1.2) for w in REGIONS.values()]
    shown = split(impressions, weights)
    clicked, spent = split(clicks, shown), split(cents, shown)
    for region, n, c, money in zip(REGIONS, shown, clicked, spent):
        yield region, (max(1, round(n / chance.between(1.08, 1.3))), n, c, money)


def delivery_files(chance, ads):
    files = {}
    for account in ACCOUNTS:
        for at, (label, end, _) in enumerate(SNAPSHOTS):
            rows = [(ad, [c["age"], c["gender"]], c["series"][at]) for ad in ads for c in ad["cells"]]
            files[f"delivery/{account}_{label}.csv"] = export(account, rows, ["Age", "Gender"], end, True)
    label, end, _ = SNAPSHOTS[-1]
    rows = [(ad, [region], counts) for ad in ads for region, counts in region_cells(chance, ad)]
    # Ads Manager leaves the schedule blank in a breakdown by region.
    files[f"delivery/shop_region_{label}.csv"] = export("shop", rows, ["Region"], end, False)
    return files


def ads_file(ads):
    header = "ad,account,arm,block,creative,creative_sha256,text,targeting,objective,start,end,budget,spend,currency".split(",")
    targeting = "Interests: parenting, ballet; age 18 and over; all genders; Germany"
    rows = []
    for ad in ads:
        digest = sha256(f"synthetic creative: {ad['ad']}".encode())
        spend = sum(cell["series"][-1][3] for cell in ad["cells"])
        rows.append([ad["ad"], ad["account"], ad["arm"], ad["ad"].rsplit(" ", 1)[0], ad["creative"], digest, "no text", targeting, "traffic", START, END,
                     f"{BUDGET_CENTS / 100:.2f}", f"{spend / 100:.2f}", "EUR"])  # fmt: skip
    return plain_csv(header, rows)


def contact_time(chance):
    """Most contacts come while the ads run, some in the week after; by day and evening."""
    day = chance.whole(0, 13) if chance.random() < 0.87 else chance.whole(14, 20)
    return datetime(2024, 11, 4) + timedelta(days=day, minutes=chance.whole(7 * 60 + 10, 23 * 60 + 50))


def make_contacts(chance, ads):
    """All incoming events, in order of time, each with its sender."""
    child_ads = [ad["ad"] for ad in ads if ad["arm"] == "child"]
    senders = [{"gender": g, "basis": basis(chance, g)} for g in ONLINE_SENDERS]
    callers = [{"gender": "male", "basis": "voice"} for _ in range(CALLERS - 1)]
    callers += [{"gender": "unknown", "basis": "none"}]
    missed = [{"gender": "unknown", "basis": "none"} for _ in range(MISSED_CALLERS)]
    withheld = {"gender": "unknown", "basis": "none", "unnamed": True}
    for sender in senders + callers + missed:
        sender["ad"] = chance.pick(child_ads)

    def draw(people, n):
        """`n` senders; everybody at least once."""
        return chance.shuffled(people + [chance.pick(people) for _ in range(n - len(people))])

    rows = [(e, ch, code) for e, ch, code, n in CHILD_CONTACTS for _ in range(n)]
    online = [row for row in rows if row[1] != "phone"]
    calls = [row for row in rows if row[0] == "call"]
    missed_calls = [row for row in rows if row[0] == "call_missed"]
    people = draw(senders, len(online)) + draw(callers, len(calls))
    people += draw(missed, len(missed_calls) - WITHHELD_NUMBERS) + [withheld] * WITHHELD_NUMBERS
    events = []
    for (event, channel, code), sender in zip(online + calls + missed_calls, people):
        events.append({"event": event, "channel": channel, "code": code, "sender": sender,
                       "ad": sender.get("ad") or chance.pick(child_ads), "at": contact_time(chance)})  # fmt: skip
    for message in chance.shuffled([e for e in events if e["event"] == "message"])[:2]:
        message["ad"] = ""  # a message that refers to no ad
    for ad, event, channel, code, gender, day, time in OTHER_CONTACTS:
        at = datetime.fromisoformat(f"{START + timedelta(days=day)} {time}")
        sender = {"gender": gender, "basis": basis(chance, gender)}
        events.append({"event": event, "channel": channel, "code": code, "sender": sender, "ad": ad, "at": at})
    events.sort(key=lambda e: (e["at"], e["event"], e["code"], e["ad"]))
    return events


def basis(chance, gender):
    known = ("profile_name", "profile_name", "profile_photo", "self_stated")
    return "none" if gender == "unknown" else chance.pick(known)


def code_twice(chance, events):
    """Gives some events a code by the second coder, and a few a second code by the first."""
    content = chance.shuffled([e for e in events if e["code"] != "NO_CONTENT"])
    empty = chance.shuffled([e for e in events if e["code"] == "NO_CONTENT"])
    single, both = content[:6], content[6:]
    for event in single[:5]:
        event["also"] = NEAR[event["code"]]
    for i, event in enumerate(both + empty[: DOUBLE_CODED - len(both)]):
        event["second"] = NEAR[event["code"]] if i < DISAGREED else event["code"]


def contacts_file(chance, ads):
    events = make_contacts(chance, ads)
    code_twice(chance, events)
    account_of = {ad["ad"]: ad["account"] for ad in ads}
    for event in events:
        event["account"] = account_of.get(event["ad"]) or account_of[event["sender"]["ad"]]
        if event["event"] == "call":
            event["seconds"] = chance.whole(9, 140)
    follows = [e for e in events if e["event"] == "follow"]
    follows[len(follows) // 2]["day_only"] = True
    calls = [e for e in events if e["event"] == "call"]
    calls[0]["notes"] = "Caller hung up after the agreed sentence (synthetic note)"
    calls[-1]["notes"] = "Bad line, coded from the written minute (synthetic note)"
    # Four senders got the agreed sentence in reply.
    answered = [e for e in events if e["event"] == "message" and e["ad"]][3:40:10]
    events += [{**e, "event": "message", "code": "", "out": True, "also": "", "second": "", "notes": "",
                "at": e["at"] + timedelta(minutes=75)} for e in answered]  # fmt: skip
    events.sort(key=lambda e: (e["at"], e["event"], e["code"], e["ad"]))

    header = ("event_id,received_at_local,timezone,channel,direction,ad_id,account_under_test,sender_pseudonym,"
              "sender_apparent_gender,sender_gender_basis,event_type,call_duration_s,code_primary,code_secondary,"
              "coder,second_coder,second_coder_code,evidence_ref,evidence_sha256,notes").split(",")  # fmt: skip
    rows, named = [], 0
    for place, e in enumerate(events, 1):
        sender = e["sender"]
        if "id" not in sender:
            named += not sender.get("unnamed")
            sender["id"] = "" if sender.get("unnamed") else f"S-{named:04}"
        second = e.get("second", "")
        rows.append([f"E{place:03}", e["at"].strftime("%Y-%m-%d" if e.get("day_only") else "%Y-%m-%d %H:%M"),
                     "Europe/Berlin", e["channel"], "out" if e.get("out") else "in", e["ad"], e["account"],
                     sender["id"], sender["gender"], sender["basis"], e["event"], e.get("seconds", ""), e["code"],
                     e.get("also", ""), "C1" if e["code"] else "", "C2" if second else "", second,
                     f"CAP-{place:04}", "", e.get("notes", "")])  # fmt: skip
    return plain_csv(header, rows)


def accounts_file():
    rows = []
    for place, (seen, identified, confirmed_by, reported, removed) in enumerate(SEEN_ACCOUNTS, 1):
        first = date.fromisoformat(seen)
        days = ["" if n is None else first + timedelta(days=n) for n in (identified, reported, removed)]
        rows.append([f"A-{place:02}", "photo-sharing platform", first, days[0], confirmed_by, *days[1:], LAST_CHECKED])
    header = "account,platform,first_seen,identified,confirmed_by,reported,removed,last_checked".split(",")
    return plain_csv(header, rows)


def feeds_file(chance):
    rows = []
    for viewer, (follows, child, adult) in VIEWERS.items():
        for session, day in ((1, "2024-11-20"), (2, "2024-11-27")):
            for rank in range(1, ITEMS + 1):
                draw, seen = chance.random(), chance.random() >= 0.03
                code = "CHILD_CONTENT" if draw < child else "ADULT_CONTENT_CREATOR" if draw < child + adult else "OTHER"
                rows.append([viewer, follows, session, day, rank, code if seen else "", "yes" if seen else "no"])
    return plain_csv("account,follows,session,date,rank,codes,coded".split(","), rows)


def provenance(file):
    """On, by, from, how of a file, for the custody log."""
    if file.startswith("delivery/"):
        label = file[-len("2024-11-05_0900.csv") :][:10]
        what = "region" if "region" in file else "age and gender"
        account = file.removeprefix("delivery/").split("_")[0]
        return label, "Newsroom", f"Ads Manager, {account} account", f"CSV export with the breakdown {what}, unchanged"
    return {
        "accounts.csv": ("2025-02-28", "Newsroom", "Log of accounts", "kept by hand from public pages and records"),
        "ads.csv": ("2024-11-18", "Newsroom", "Test plan", "kept by hand, spend from the last export"),
        "contacts.csv": ("2025-01-10", "Newsroom", "Contact log", "kept by hand after the protocol, without texts"),
        "feeds.csv": ("2024-11-29", "Newsroom", "Log of the test accounts", "kept by hand after the protocol"),
        "protocol.md": ("2024-10-21", "Newsroom", "Newsroom", "agreed before the first ad ran"),
        "statements.csv": ("2025-02-21", "Newsroom", "Statements", "copied from letters and notes on file"),
    }[file]


def main():
    chance = Chance(SEED)
    ads = make_ads(chance)
    for ad in ads:
        ad["cells"] = make_cells(chance, ad)
    texts = {
        **delivery_files(chance, ads),
        "ads.csv": ads_file(ads),
        "contacts.csv": contacts_file(chance, ads),
        "accounts.csv": accounts_file(),
        "feeds.csv": feeds_file(chance),
        "statements.csv": statements_csv(STATEMENTS),
        "protocol.md": PROTOCOL,
    }
    write_case("child-jewellery-ads", texts, provenance)


if __name__ == "__main__":
    main()
