#!/usr/bin/env python3
"""Checks the ticket data set in this folder: python3 check.py [--names]. Exit code 1 if anything fails. Needs Python 3 only."""
import collections
import json
import pathlib
import re
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROMPT = "Summarise this support ticket in one or two sentences.\n\n"
LEAST = {"train": 420, "valid": 60, "test": 100}
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

TICKET_WORDS = (1, 330)        # length of a ticket
SUMMARY_WORDS = (6, 35)        # length of a summary
NEAR = 0.15                    # word 5-gram Jaccard from which two tickets are too alike
NEAR_SUMMARY = 0.30            # the same for summaries
OPENING_SHARE = 0.02           # most that one three-word opening may take, of the tickets and of the summaries
FIRST_WORD_SHARE = 0.10        # most that one first word may take, of the summaries
NEW_IN_TEST = (0.40, 0.70)     # share of the test tickets that name a product, none of which is in the training split

NUMBERS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
           "eighteen nineteen twenty").split()
TENS = "thirty forty fifty sixty seventy eighty ninety".split()
VALUE = {w: str(i) for i, w in enumerate(NUMBERS)} | {w: str(10 * (i + 3)) for i, w in enumerate(TENS)}

# Capitalised words of summaries that name no invented product or company.
ORDINARY = set("""
    customer user caller guest resident parent teacher owner traveller passenger engineer developer seller buyer shopper subscriber sender
    january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday
    sunday christmas easter spring summer autumn winter diwali ramadan
    english french german spanish italian dutch danish swedish polish portuguese welsh turkish japanese greek norwegian
    uk eu us usa london bristol leeds lisbon berlin paris oslo madrid dublin rome vienna porto france germany spain ireland scotland wales norway belgium canada turkey
    android iphone ipad windows mac macos linux chrome firefox safari edge excel google apple bluetooth wi fi usb pdf csv api apis sso saml oauth
    gdpr dns vpn ip http https json xml url id ids sms pin qr tv led vat iban hdmi sql html ssl tls ios os cpu gps nfc dhcp ipv6 ipv4 pos sku xss
    a an the in on at no not one two three four five six seven eight nine ten since after several both unrelated spam praise positive thanks
    article request question complaint i it its their they he she
""".split())

AMERICAN = re.compile(r"\b(color\w*|canceled|canceling|labeled|traveler\w*|honor\w*|favorite\w*|center|centers|behavior\w*|catalog|program for tv|"
                      r"\w+ization\w*|\w+[^s]ize[ds]?|\w+[bcdglmnrt]izing|\w+yze[ds]?|gray|check|mom|apartment|fulfill|license[ds]? (?!plate)to|"
                      r"gotten|zip code)\b", re.I)
AMERICAN_FINE = {"size", "sized", "resize", "resized", "prize", "prizes", "seize", "seized", "check", "oversize", "oversized", "sizes",
                 "undersized", "apartment"}


def words(text):
    return [w.lower() for w in WORD.findall(text)]


def grams(text):
    w = words(text)
    return {tuple(w[i:i + 5]) for i in range(len(w) - 4)} or {tuple(w)}


def sentences(text):
    text = re.sub(r"\b(?:e\.g|i\.e|approx|no|vs|St|Dr|Mr|Mrs|Ms|p\.m|a\.m)\.", "", text)
    return len([s for s in re.split(r"(?<=[.!?])[\"”')]*\s+", text.strip()) if s])


def digits(text):
    """Every number of a text, as digits; written-out ones too."""
    text = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text)
    found = set(re.findall(r"\d+", text))
    for w in words(text.replace("-", " ")):
        if w in VALUE:
            found.add(VALUE[w])
    return found


def real_looking(text):
    for m in re.finditer(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text):
        if not re.search(r"(^|\.)example\.(com|org|net)$", m.group(1).rstrip("."), re.I):
            yield "e-mail address " + m.group()
    for m in re.finditer(r"(?:https?://|www\.)([\w.-]+)", text):
        if not re.search(r"(^|\.)example(\.(com|org|net))?$", m.group(1).rstrip("."), re.I):
            yield "address " + m.group()
    for m in re.finditer(r"(?<![\d.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)", text):
        if not re.match(r"(192\.0\.2|198\.51\.100|203\.0\.113)\.", m.group()):
            yield "IP address " + m.group()
    for m in re.finditer(r"\b\d{3}-\d{4}\b", text):
        if not m.group().startswith("555-01"):
            yield "telephone number " + m.group()
    for m in re.finditer(r"(?<![\w.-])\+?\d[\d ()]{8,}\d(?![\w-])", text):
        if len(re.sub(r"\D", "", m.group())) >= 10 and not re.match(r"\d{4}[ -]?\d\d[ -]?\d\d", m.group()):
            yield "long number " + m.group()
    for m in re.finditer(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}\b", text):
        yield "account number " + m.group()


def read(split, fail):
    rows = []
    path = HERE / f"{split}.jsonl"
    if not path.exists():
        fail(f"{split}: no file {path.name}")
        return rows
    for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{split}:{i}"
        try:
            row = json.loads(line)
            (user, answer) = row["messages"]
            good = (set(row) == {"messages"} and set(user) == set(answer) == {"role", "content"}
                    and user["role"] == "user" and answer["role"] == "assistant" and user["content"].startswith(PROMPT))
        except (ValueError, KeyError, TypeError) as e:
            fail(f"{where}: not a row of the expected shape: {e}")
            continue
        if not good:
            fail(f"{where}: not a row of the expected shape")
            continue
        rows.append((where, user["content"][len(PROMPT):], answer["content"]))
    if len(rows) < LEAST[split]:
        fail(f"{split}: {len(rows)} rows, at least {LEAST[split]} are wanted")
    return rows


def check_summary(where, ticket, summary, fail):
    n = len(summary.split())
    if not SUMMARY_WORDS[0] <= n <= SUMMARY_WORDS[1]:
        fail(f"{where}: summary of {n} words")
    if sentences(summary) > 2:
        fail(f"{where}: summary of {sentences(summary)} sentences")
    if not re.search(r"[.]$", summary) or summary != " ".join(summary.split()):
        fail(f"{where}: summary without a full stop at its end, or with stray white space")
    if re.search(r"[*`|]|__|#\w|^\s*[-*>]\s|\[.*\]\(|</?\w+>|\n", summary):
        fail(f"{where}: markdown in the summary: {summary}")
    if re.match(r"(hi|hello|dear|hey|thanks|thank you|sure|here is|here's|summary)\b", summary, re.I):
        fail(f"{where}: greeting or preface in the summary: {summary}")
    if re.search(r"\b(should|please|we|you|your|our|I)\b", re.sub(r"[\"“][^\"”]*[\"”]", "", summary)):
        fail(f"{where}: advice or first or second person in the summary: {summary}")
    american = [m.group() for m in AMERICAN.finditer(summary) if m.group().lower() not in AMERICAN_FINE]
    if american:
        fail(f"{where}: not British spelling: {american}")
    strange = digits(summary) - digits(ticket) - {"1", "2", "3"}
    if strange:
        fail(f"{where}: numbers that the ticket lacks: {sorted(strange)}")
    low = ticket.lower()
    for w in re.findall(r"(?<!^)(?<![.;:] )\b[A-Z][A-Za-z0-9]+", summary):
        if w.lower() not in low and w.lower() not in ORDINARY:
            fail(f"{where}: a name that the ticket lacks: {w}")


def check_ticket(where, ticket, fail):
    n = len(ticket.split())
    if not TICKET_WORDS[0] <= n <= TICKET_WORDS[1]:
        fail(f"{where}: ticket of {n} words")
    if ticket != ticket.strip():
        fail(f"{where}: white space around the ticket")
    if re.search(r"[\x00-\x08\x0b-\x1f\u200b\ufeff]", ticket):
        fail(f"{where}: control characters")


def openings(label, texts, fail):
    first = collections.Counter(" ".join(words(t)[:3]) for t in texts)
    for opening, n in first.items():
        if n > max(2, OPENING_SHARE * len(texts)):
            fail(f"{label}: {n} of {len(texts)} open with “{opening}”")
    return first.most_common(1)[0] if first else ("", 0)


def near(label, rows, which, limit, fail):
    bags = [grams(r[which]) for r in rows]
    index = collections.defaultdict(list)
    worst = (0.0, "")
    for j, bag in enumerate(bags):
        shared = collections.Counter(i for g in bag for i in index[g])
        for i, n in shared.items():
            jaccard = n / (len(bags[i]) + len(bag) - n)
            if jaccard > worst[0]:
                worst = (jaccard, f"{rows[i][0]} {rows[j][0]}")
            if jaccard >= limit:
                fail(f"{label} too alike: {rows[i][0]} and {rows[j][0]} ({jaccard:.2f})")
        for g in bag:
            index[g].append(j)
    return worst


def names(rows, lower):
    """The invented names in each summary: capitalised words that no summary writes in lower case."""
    found = []
    for _, ticket, summary in rows:
        low = ticket.lower()
        cand = {w for w in re.findall(r"\b[A-Z][A-Za-z]+\d*\b", summary) if w.lower() in low}
        found.append({w for w in cand if w.lower() not in lower and w.lower() not in ORDINARY and len(w) > 2})
    return found


def main():
    failures = []
    data = {split: read(split, failures.append) for split in LEAST}
    every = [r for rows in data.values() for r in rows]
    for where, ticket, summary in every:
        check_ticket(where, ticket, failures.append)
        check_summary(where, ticket, summary, failures.append)
        for what in [*real_looking(ticket), *real_looking(summary)]:
            failures.append(f"{where}: looks real: {what}")
    for which, label in ((1, "ticket"), (2, "summary")):
        seen = {}
        for r in every:
            key = " ".join(words(r[which]))
            if key in seen:
                failures.append(f"{label} twice: {seen[key]} and {r[0]}")
            seen[key] = r[0]
    worst_t = near("tickets", every, 1, NEAR, failures.append)
    worst_s = near("summaries", every, 2, NEAR_SUMMARY, failures.append)

    print(f"{'split':6} {'rows':>5} {'ticket words':>20} {'summary words':>20}   commonest opening of tickets / of summaries")
    for split, rows in data.items():
        if not rows:
            continue
        t, s = [len(r[1].split()) for r in rows], [len(r[2].split()) for r in rows]
        ot = openings(split + " tickets", [r[1] for r in rows], failures.append)
        os_ = openings(split + " summaries", [r[2] for r in rows], failures.append)
        first, n = collections.Counter(words(r[2])[0] for r in rows).most_common(1)[0]
        if n > max(3, FIRST_WORD_SHARE * len(rows)):
            failures.append(f"{split}: {n} of {len(rows)} summaries begin with “{first}”")
        print(f"{split:6} {len(rows):5} {min(t):5}-{max(t):3} med {statistics.median(t):5.1f}"
              f" {min(s):6}-{max(s):2} med {statistics.median(s):5.1f}"
              f"    “{ot[0]}” {ot[1]} / “{os_[0]}” {os_[1]} (first word “{first}” {100 * n / len(rows):.1f} %)")
    print(f"most alike tickets: {worst_t[0]:.3f} {worst_t[1]}; most alike summaries: {worst_s[0]:.3f} {worst_s[1]}")

    lower = {w for r in every for w in re.findall(r"(?<![\w-])[a-z]+", r[2])}
    train = set().union(*names(data["train"], lower)) if data["train"] else set()
    train_text = set(words(" ".join(r[1] for r in data["train"])))
    named = [n for n in names(data["test"], lower) if n]
    new = sum(not any(w.lower() in train_text for w in n) for n in named)
    if named:
        share = new / len(data["test"])
        print(f"names in the training summaries: {len(train)}; test: {len(named)} of {len(data['test'])} summaries name something,"
              f" {new} ({100 * share:.0f} % of all) only what no training ticket has")
        if not NEW_IN_TEST[0] <= share <= NEW_IN_TEST[1]:
            failures.append(f"test: {100 * share:.0f} % of the rows name only what no training ticket has")
    if "--names" in sys.argv:
        for split, rows in data.items():
            print(split, " ".join(sorted(set().union(*names(rows, lower))) if rows else []))
    for f in failures:
        print("FAIL", f)
    print("failures:", len(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
