"""What came of a rehearsal (bench/cluster.py)."""

import itertools
import statistics
from collections import Counter, defaultdict

import lasting_fcm

GOALS = {"lost": 0, "write_outage_p95_s": 12, "pushed_twice": 0, "split_brain": 0}
LEAST_AVAILABILITY = 0.999
FROZEN_SECONDS = 30
LEASE_SECONDS = 10  # DELIVERY_LEASE_SECONDS of the rehearsal: so long a push may be under way before a fault hits it
MOST_LATE_SECONDS = 1  # of the readers' own loop
MOST_WITHOUT_CLIENT = 5
LEAST_CALM_PUSHES = 10
STORED = {
    "device": "SELECT installation_key FROM notifications_device",
    "follow": "SELECT installation_key FROM notifications_device JOIN notifications_follow USING (reader_id)"
    " WHERE topic_id IS NOT NULL",
    "document": "SELECT installation_key FROM notifications_device JOIN notifications_follow USING (reader_id)"
    " WHERE document_id IS NOT NULL",
    "registration": "SELECT installation_key FROM notifications_device JOIN content_registration USING (reader_id)",
    "question": "SELECT title FROM content_question",
}
PUBLISHED = """
    SELECT id FROM content_legaldocument AS law WHERE status = 'published' AND key = ANY(%s) AND 1 = (
        SELECT count(*) FROM content_change WHERE event_type = 'document.published' AND subject LIKE '%%' || law.key)
"""


class Result:
    """Compares what the clients were told with what is in the database and in the journal of FCM."""

    def __init__(self, rehearsal):
        self.rehearsal, self.wrong = rehearsal, rehearsal.wrong
        self.writers, self.approver, self.probes = rehearsal.writers, rehearsal.approver, rehearsal.probes
        self.readers = rehearsal.readers

    def tell(self):
        """Print the figures. Returns what is outside the goals, or proves nothing."""
        stored, doubled = self._stored()
        lost = Counter(each.kind for each in self.writers.acknowledged if each.key not in stored[each.kind])
        lost["probe"] = len({each.number for each in self.probes.accepted} - stored["probe"])
        lost["publication"] = len(set(self.approver.published) - stored["publication"])
        lost["push"], twice = self._pushes(stored["publication"])
        outages = self.rehearsal.outages
        figures = {
            "kills": len(outages),
            "acknowledged": len(self.writers.acknowledged) + len(self.approver.published),
            "lost": lost.total(),
            "write_outage_p95_s": round(p95(outages), 1),
            "read_availability": int(self.readers.availability() * 1e5) / 1e5,  # never rounded up
            "pushed_twice": twice,
            "split_brain": self.probes.split_brains(stored["probe"]),
        }
        self._look_for_what_proves_nothing(figures, doubled)
        self._tell_more(lost)
        print("cluster: " + " ".join(f"{name}={value}" for name, value in figures.items()), flush=True)
        outside = [name for name, goal in GOALS.items() if figures[name] > goal]
        outside += ["read_availability"] if figures["read_availability"] < LEAST_AVAILABILITY else []
        return outside + self.wrong

    def _stored(self):
        """({kind: keys in the database}, questions that are there twice), read past the program."""
        machines = self.rehearsal.machines
        with machines.superuser(machines.leader()) as session:
            stored = {kind: {key for (key,) in session.execute(query)} for kind, query in STORED.items()}
            stored["probe"] = {number for (number,) in session.execute("SELECT number FROM cluster_probe")}
            drafts = list(self.rehearsal.drafts.values())
            stored["publication"] = {pk for (pk,) in session.execute(PUBLISHED, [drafts])}
            doubled = session.execute("SELECT count(*) - count(DISTINCT title) FROM content_question").fetchone()[0]
        return stored, doubled

    def _pushes(self, published):
        """(entries that trays lack, entries too many and messages taken twice for no reason), of all phones."""
        trays, taken, arrived = defaultdict(dict), defaultdict(list), {}
        for line in lasting_fcm.read_journal(self.rehearsal.fcm.folder):
            if line["event"] == "arrives":
                arrived[line["call"]] = line
            elif line["event"] == "takes":
                call = arrived[line["call"]]
                taken[call["nid"], call["via"]].append((call["at"], line["at"]))
                for registration, tag in line["phones"].items():
                    trays[registration][tag] = call["link"].rpartition("/")[2]
        wanted = Counter(self.rehearsal.drafts[pk] for pk in published)
        missing = doubled = 0
        for registration in self.rehearsal.phones:
            shown = Counter(trays[registration].values())
            missing += (wanted - shown).total()
            doubled += (shown - wanted).total()
        pairs = [pair for calls in taken.values() for pair in itertools.pairwise(sorted(calls))]
        unexplained = sum(not self._was_hit(*first) for first, _second in pairs)
        calm = sum(min(calls)[0] >= self.rehearsal.calm_since for calls in taken.values())
        if calm < LEAST_CALM_PUSHES:
            self.wrong.append(f"only {calm} messages left after the last fault")
        print(f"pushes: {len(taken)} messages, {len(pairs)} taken again, {unexplained} of them without a fault")
        return missing, doubled + unexplained

    def _was_hit(self, arrived, taken):
        """Whether a push was under way, or what came of it not yet stored, while a fault was there."""
        return any(began - LEASE_SECONDS <= taken and arrived <= ended for began, ended in self.rehearsal.moments)

    def _look_for_what_proves_nothing(self, figures, doubled):
        """Note it as wrong, and what is wrong besides the figures."""
        rehearsal, told = self.rehearsal, {each.kind for each in self.writers.acknowledged}
        begun = figures["acknowledged"] + self.writers.refused.total()
        if figures["acknowledged"] < begun / 2:
            self.wrong.append(f"of {begun} writes {figures['acknowledged']} were acknowledged")
        self.wrong += [f"no {kind} was acknowledged" for kind in STORED if kind not in told]
        if len(self.approver.published) == len(rehearsal.drafts):
            self.wrong.append("the drafts were used up")
        if rehearsal.failovers < rehearsal.asked.kills / 2:
            self.wrong.append(f"only {rehearsal.failovers} kills of a primary made another lead")
        if rehearsal.done["worker"] and not rehearsal.hit_calls:
            self.wrong.append("no kill of a worker hit a call to FCM")
        if max(rehearsal.frozen, default=0) > FROZEN_SECONDS:
            self.wrong.append(f"a machine that vanished cost {max(rehearsal.frozen):.1f} s")
        without = sum(why == self.readers.NO_CLIENT for _at, why in self.readers.failures)
        if without > MOST_WITHOUT_CLIENT:
            self.wrong.append(f"the bench had no client for {without} reads")
        if self.readers.most_late > MOST_LATE_SECONDS:
            self.wrong.append(f"the bench itself was late by {self.readers.most_late:.1f} s")
        if doubled:
            self.wrong.append(f"{doubled} questions are there twice")

    def _tell_more(self, lost):
        rehearsal = self.rehearsal
        kinds = Counter(each.kind for each in self.writers.acknowledged)
        timelines = Counter(each.timeline for each in self.probes.accepted)
        failures = Counter(why for _at, why in self.readers.failures)
        print("faults:", dict(rehearsal.done), f"{rehearsal.failovers} kills of a primary made another lead")
        print("acknowledged:", dict(kinds), f"published {len(self.approver.published)}")
        print("refused or cut off:", dict(self.writers.refused), "at the staff site:", dict(self.approver.refused))
        print("lost:", {kind: count for kind, count in lost.items() if count})
        during = int(self.readers.availability(rehearsal.spans) * 1e5) / 1e5
        print(
            f"reads: {len(self.readers.answered)} answered, failed {dict(failures)}; while a fault was there {during}"
        )
        print(
            f"readers: late by {self.readers.most_late:.2f} s at most, one of 100 took {self.readers.slowest():.2f} s"
        )
        print(f"probes: {len(self.probes.accepted)} taken, by timeline {dict(timelines)}")
        longest = max(rehearsal.outages, default=0), max(rehearsal.frozen, default=0)
        print("write_outage_max_s={:.1f} frozen_max_s={:.1f}".format(*longest))
        for each in self.wrong:
            print("wrong:", each)


def p95(seconds):
    """The 95th percentile; 0 of nothing."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[18] if len(seconds) > 1 else max(seconds, default=0)
