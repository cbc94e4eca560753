"""Does every push reach its phones, and appear once in each tray, whatever dies meanwhile?

    .venv/bin/python bench/push_faults.py [--messages 500] [--kills 5] [--away 20] [--clock-jumps] [--seed N]

Four real workers (`manage.py work`), the real SDK, a throw-away PostgreSQL with fsync on, and a local FCM server that
answers in 0.1 s, as Google does. Publications go out all the time, to one topic, to a condition, and to devices one by
one. Meanwhile workers are killed (-9) while they send; the FCM server is killed (-9) twice and comes back with its
state, the second time after `--away` seconds (five minutes: 300); it answers 500, 503, 429 with Retry-After, pages of a
proxy and garbage, cuts connections before and after it took the message, and hangs; the token endpoint is down for a
while; the database is stopped (-m immediate) and started again. With `--clock-jumps` the workers and the database have
the clock of libfaketime (Debian: libfaketime), which is set an hour ahead, back again, and to two minutes ago, which
have passed already.

How this could pass while the product fails, and what is done about it:

- Kills hit idle workers, so nothing is at stake. Only a kill counts (`kills_effective`) at whose moment the server held
  an open call of that worker, by its journal. Workers are told apart by their access tokens. Fewer than asked: exit
  code 1.
- A slow server makes every kill hit, a fast one none. `in_flight` is how many calls all effective kills cut off.
- Everything is sent twice and the tray hides it. What FCM takes a second time is a duplicate. A kill during a call
  leaves open whether FCM took it, so each call in flight may come again. At 1 kill per 100 messages, 2 in flight are
  2 %: the limit is 2 % of the messages, or 2 for each effective kill where kills are more frequent.
- Duplicates of another cause hide among those. Each is traced to the call before: its worker was killed before it could
  settle, FCM was killed before it answered, FCM cut the connection after it took it (then the SDK itself repeats the
  call), or the clock jumped during the call, which ends its lease. A duplicate of any other cause is `unexplained`, and
  one is too many.
- The server's own death forgets what it took. It writes a journal line for each message before it answers; trays and
  duplicates are read from the journal, over all its lives.
- Nobody waits for Retry-After. Calls that arrive inside a window are counted, from half a second after the 429 (what
  was on its way cannot know) to its end. More than one of one worker in a window: exit code 1; no window at all, too.
- What was never queued cannot be lost. Deliveries are expected by number, 12 a round, and each phone must show each
  publication it follows exactly once, and no other.
- The waiting hides a loss. Once the faults are over, what waits for its next try is tried at once and must be settled
  with no pause of more than 90 seconds. So this bench says nothing about how long the waiting is.
- A jump of the clock that stops everything for an hour hides in the waiting. `jump_pause_s` is the longest time from a
  jump to a time that Google accepts until something that was published after it is settled, by a clock that nobody
  sets; the limit is MOST_JUMP_PAUSE. No jump comes while something is away.
- The machine is too slow, and the storm is over before the workers run. Publishing begins when all workers run, waits
  while many deliveries are unsettled, and the faults stay until calls have hit them.

The seed repeats the plan, not the races of the processes. Exit code 1 outside the goals.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

# So short that what a killed worker held is soon taken up, and the SDK's hang of 20 s needs renewals. So long that an
# answer is recorded within it after an outage of the database: 3 s, and the pool's next try of a connection is at 7 s.
LEASE_SECONDS = 15
os.environ["DELIVERY_LEASE_SECONDS"] = str(LEASE_SECONDS)

import audience
import fake_clock
import lasting_fcm
import throwaway
from tqdm import tqdm

WORKERS = 4
PER_ROUND = 12  # deliveries of a round, in two languages: 2 to a topic, 2 to a condition, 2 + 6 beyond five topics
SECONDS_PER_ROUND = 0.7
ANSWER_SECONDS = 0.1  # how long FCM takes
RESTART_SECONDS = 0.5  # from the end of a worker to its restart
OUTAGE_SECONDS = 3  # of the database
TOKEN_SECONDS = 8  # the token endpoint is down for
FIRST_AWAY_SECONDS = 2  # the FCM server is away the first time
RETRY_AFTER_SECONDS = 5
UNDERWAY_SECONDS = 0.5  # what arrives so soon after a 429 was on its way
CLAIMED_UNTIL_CALLED = 3  # seconds from a claim, which a jump ends, to the call, on a busy machine
SETTLE_SECONDS = 1  # from FCM's answer until a worker has recorded it, on a busy machine
PATIENCE = 90  # seconds without a settled delivery, after the last fault, until what is not settled counts as lost
START_SECONDS = 300  # until all workers run
MOST_UNSETTLED = 8 * PER_ROUND  # publishing waits while more deliveries are queued
SECONDS_BETWEEN_KILLS = 2  # of which the first tells whether the last one hit
# (part of the rounds, seconds the clock is ahead then, seconds until it is set right; 0: it stays). Google takes no
# signature of a clock that is an hour ahead: until it is right the channel stops, and a delivery a minute tries it.
JUMPS = ((0.12, 3600, 20), (0.5, -120, 0), (0.75, 0, 0))
MOST_JUMP_PAUSE = 75  # seconds; a channel that stopped is tried each minute


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=500, help=f"deliveries, rounded up to {PER_ROUND}")
    options.add_argument("--kills", type=int, default=5, help="of workers that are sending")
    options.add_argument("--away", type=float, default=20, help="seconds the FCM server is away the second time")
    options.add_argument("--clock-jumps", action="store_true", help="of the workers and the database")
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    options.add_argument("--log", type=Path, help="where the workers' log goes (default: kept only after a failure)")
    asked = options.parse_args()
    rounds = -(-asked.messages // PER_ROUND)
    print(f"seed={asked.seed} rounds={rounds} kills={asked.kills} away={asked.away:g} s", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="luatmo-bench-faults-"))
    clock = fake_clock.FakeClock() if asked.clock_jumps else None
    with clock.of_new_processes() if clock else contextlib.nullcontext():
        server = throwaway.start()
    if server is None:
        sys.exit("This bench stops its database: unset DATABASE_URL, so that it makes one of its own.")
    fcm = lasting_fcm.LastingServer(folder / "fcm")
    fcm.start()
    try:
        storm = Storm(fcm, server, folder, rounds, asked, clock)
        storm.rage()
        failures = Result(storm).tell()
    finally:
        fcm.kill()
    if failures:
        print(f"outside the goals: {', '.join(failures)}. What the workers said: {storm.log}")
    else:
        shutil.rmtree(folder)
    sys.exit(bool(failures))


class Worker:
    """A worker that is started again whenever it ends."""

    def __init__(self, name, fcm, log, clock):
        self.name, self._log = name, log
        account = lasting_fcm.worker_account(fcm.folder, name)
        ours = {"END_WITH_PARENT": str(os.getpid()), "FIREBASE_CREDENTIALS_FILE": str(account)}
        self._environment = os.environ | fcm.environment | ours | (clock.environment if clock else {})
        self._process, self._start_at = None, 0.0

    def look_after(self):
        if self._process and self._process.poll() is not None:
            self._process, self._start_at = None, time.monotonic() + RESTART_SECONDS
        if self._process is None and time.monotonic() >= self._start_at:
            with open(self._log, "ab") as log:
                command = [sys.executable, str(throwaway.ROOT / "manage.py"), "work"]
                self._process = subprocess.Popen(command, env=self._environment, stderr=log, start_new_session=True)

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def is_alive(self):
        return bool(self._process) and self._process.poll() is None

    def stop(self):
        if self.is_alive():
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


class Storm:
    """The publications, and all that fails meanwhile. Moments are seconds since 1970, as the server's journal has."""

    def __init__(self, fcm, server, folder, rounds, asked, clock):
        self.fcm, self.server, self.rounds, self.kills, self.away = fcm, server, rounds, asked.kills, asked.away
        self.clock, self.jumps = clock, []  # moments of jumps
        self._jumped_at, self._newest_before_jump, self.jump_pauses = None, 0, []
        self._held_back = []  # faults that FCM has again once pushes leave
        self._is_clock_wrong, self._was_published_since_jump = False, False
        self.random = random.Random(asked.seed)
        self.log = asked.log or folder / "workers.log"
        self.phones = audience.follow(fcm)
        fcm.call("POST", "keep")
        self.published, self.round = {}, 0  # link → topics
        self.kills_tried, self.kills_effective = [], []  # (worker, moment)
        self._is_judged = True  # whether we know if the last kill hit
        self.fcm_kills, self.outages = [], []
        self._down = set()  # what is away: "fcm", "database"
        self._faults_planned, self._later = [], []
        self._seen = 0
        self.workers = [Worker(str(number), fcm, self.log, clock) for number in range(WORKERS)]
        self.plan = self._plan()

    def _plan(self):
        """[(part of the rounds that is published, what happens then)], in order."""
        at = self.random.uniform
        happens = [
            (at(0.05, 0.10), self._stop_tokens),
            (at(0.20, 0.25), lambda: self._kill_fcm(FIRST_AWAY_SECONDS)),
            (at(0.40, 0.45), self._stop_database),
            (at(0.60, 0.65), lambda: self._kill_fcm(self.away)),
        ]
        if self.clock:
            happens += [(part, lambda jump=jump: self._set_clock(*jump)) for part, *jump in JUMPS]
        for kind, times, more in (
            ("QUOTA_EXCEEDED", 2, {"retry_after": RETRY_AFTER_SECONDS}),
            ("QUOTA_EXCEEDED", 2, {"retry_after": RETRY_AFTER_SECONDS}),
            ("UNAVAILABLE", 6, {}),
            ("INTERNAL", 4, {}),
            ("accept_then_reset", 1, {}),
            ("accept_then_empty", 2, {}),
            ("accept_then_garbage", 2, {}),
            ("reset", 2, {}),
            ("hang", 1, {}),
            ("NOT_JSON", 2, {}),
            ("PAGE_400", 2, {}),
            ("PAGE_403", 2, {}),
            ("PROXY_JSON", 2, {}),
        ):
            fault = {"op": "send", "kind": kind, "times": times, **more}
            happens.append((at(0.02, 0.95), lambda fault=fault: self._add_fault(fault)))
        return sorted(happens, key=lambda entry: entry[0])

    def rage(self):
        """Everything, until all is settled or patience ends."""
        self._send_faults()
        publishing = threading.Thread(target=self._publish, daemon=True)
        self._start_workers()
        started_at, give_up_at, look_at, settled = time.monotonic(), None, 0.0, 0
        try:
            publishing.start()
            with tqdm(total=self.rounds * PER_ROUND, unit="message", disable=None) as bar:
                while give_up_at is None or time.monotonic() < give_up_at:
                    self._let_happen()
                    self._kill_if_due()
                    for worker in self.workers:
                        worker.look_after()
                    if time.monotonic() >= look_at:
                        bar.n, look_at = self._settled(hurry=give_up_at is not None), time.monotonic() + 0.5
                        bar.refresh()
                        if bar.n > settled or (give_up_at is None and self._is_over(publishing)):
                            settled, is_over = bar.n, give_up_at is not None or self._is_over(publishing)
                            give_up_at = time.monotonic() + PATIENCE if is_over else None
                    if give_up_at is not None and bar.n >= bar.total:
                        break
                    time.sleep(0.02)
        finally:
            for worker in self.workers:
                worker.stop()
        self.seconds = time.monotonic() - started_at

    def _start_workers(self):
        from procrastinate.contrib.django.models import ProcrastinateWorker

        give_up_at = time.monotonic() + START_SECONDS
        while ProcrastinateWorker.objects.count() < WORKERS:
            for worker in self.workers:
                worker.look_after()
            if time.monotonic() > give_up_at:
                raise TimeoutError("the workers do not start")
            time.sleep(0.2)

    def _is_over(self, publishing):
        """Whether all has happened: publications, faults, kills."""
        if self.plan or self._later or publishing.is_alive() or self._down:
            return False
        return len(self.kills_effective) >= self.kills or self._seen >= self.rounds * PER_ROUND

    def _let_happen(self):
        while self.plan and self.plan[0][0] <= self.round / self.rounds and not self._is_clock_off():
            self.plan.pop(0)[1]()
        for entry in [entry for entry in self._later if entry[0] <= time.monotonic()]:
            self._later.remove(entry)
            entry[1]()

    def _settled(self, *, hurry):
        """How many deliveries are settled; with `hurry`, those that wait for a next try need not wait."""
        from django.db import DatabaseError, connection
        from django.db.models.functions import Now

        from notifications.deliveries.models import Delivery, Gate

        if "database" in self._down:
            return self._seen
        try:
            if hurry:
                Gate.objects.update(closed_until=None)
                Delivery.objects.filter(status="queued", next_try_at__gt=Now()).update(next_try_at=Now())
            self._seen = Delivery.objects.filter(settled_at__isnull=False).count()
            if self._jumped_at:
                later = Delivery.objects.filter(pk__gt=self._newest_before_jump, settled_at__isnull=False)
                if later.exists():
                    self.jump_pauses.append(time.monotonic() - self._jumped_at)
                    self._jumped_at = None
                    self._send_faults(*self._held_back)
                    self._held_back = []
        except DatabaseError:
            connection.close()
        return self._seen

    # -- what happens

    def _publish(self):
        """The rounds, one after the other; an editor whose database was away does it again."""
        from django.db import DatabaseError, connection

        from tests.builders import a_document

        topics = audience.the_topics()
        for number in range(self.rounds):
            while self._must_wait(number * PER_ROUND - self._seen):
                time.sleep(0.1)
            self._was_published_since_jump = True
            began_at = time.monotonic()
            first, *_others = turned = topics[number % 5 : 5] + topics[: number % 5] + topics[5:]
            for shape, assigned in enumerate(([first], turned[:3], topics)):
                document = None
                while document is None:
                    try:
                        document = a_document(f"{3 * number + shape + 1}/2019/QH14", topics=assigned, notify=True)
                    except DatabaseError:
                        connection.close()
                        time.sleep(0.3)
                self.published[f"/documents/{document.key}"] = {topic.pk for topic in assigned}
            self.round = number + 1
            time.sleep(max(0, SECONDS_PER_ROUND - (time.monotonic() - began_at)))
        connection.close()

    def _must_wait(self, unsettled):
        """Whether publishing waits. After a jump one round goes out at once: it tells when pushes leave again."""
        if self._is_clock_wrong:
            return True
        is_first_since_jump = self._jumped_at is not None and not self._was_published_since_jump
        return unsettled > MOST_UNSETTLED and not is_first_since_jump

    def _kill_if_due(self):
        """Kill a worker that FCM has an open call of, if a kill is due. A second later the journal says if it hit."""
        now = time.time()
        if not self._is_judged and now > self.kills_tried[-1][1] + 1:
            self._is_judged = True
            if in_flight(calls_of(lasting_fcm.read_journal(self.fcm.folder)), *self.kills_tried[-1]):
                self.kills_effective.append(self.kills_tried[-1])
        due = min(self.kills, self.kills * self.round / self.rounds / 0.9)
        soon = self.kills_tried and now < self.kills_tried[-1][1] + SECONDS_BETWEEN_KILLS
        if self._down or soon or self._is_clock_off() or len(self.kills_effective) >= due:
            return
        open_calls = self.fcm.open_calls()
        sending = [worker for worker in self.workers if worker.is_alive() and open_calls.get(worker.name)]
        if sending:
            worker = self.random.choice(sending)
            self.kills_tried.append((worker.name, time.time()))
            self._is_judged = False
            worker.kill()

    def _kill_fcm(self, seconds):
        self.fcm_kills.append(time.time())
        self._down.add("fcm")
        self.fcm.kill()
        self._later.append((time.monotonic() + seconds, self._start_fcm))

    def _start_fcm(self):
        self.fcm.start()
        self._send_faults()
        self._down.discard("fcm")

    def _stop_database(self):
        """What `pg_ctl stop -m immediate` does: no checkpoint, every connection cut."""
        pid = int((self.server.data / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGQUIT)
        self._down.add("database")
        self.outages.append(time.time())
        self._later.append((time.monotonic() + OUTAGE_SECONDS, self._start_database))

    def _start_database(self):
        self.server.look_after()
        self._down.discard("database")

    def _set_clock(self, ahead, stays):
        """Not while something is away: the pause would be that of the outage. So FCM has no other fault until then."""
        from django.db.models import Max

        from notifications.deliveries.models import Delivery

        if self._down or self._jumped_at or self._faults_planned:
            self._later.append((time.monotonic() + 1, lambda: self._set_clock(ahead, stays)))
            return
        self._held_back += self._left("send")
        self._send_faults()
        self.clock.set(ahead)
        self.jumps.append(time.time())
        self._is_clock_wrong = stays > 0
        if stays:
            self._later.append((time.monotonic() + stays, lambda: self._set_clock(0, 0)))
        else:
            self._newest_before_jump = Delivery.objects.aggregate(Max("pk"))["pk__max"] or 0
            self._was_published_since_jump, self._jumped_at = False, time.monotonic()

    def _is_clock_off(self):
        """Whether the clock is wrong, or jumped and no push has left since: nothing else fails meanwhile."""
        return self._is_clock_wrong or self._jumped_at is not None

    def _stop_tokens(self):
        self._add_fault({"op": "token", "kind": "UNAVAILABLE", "times": 10**6})
        self._later.append((time.monotonic() + TOKEN_SECONDS, self._give_tokens))

    def _give_tokens(self):
        self._faults_planned = [fault for fault in self._faults_planned if fault["op"] != "token"]
        if "fcm" not in self._down:
            self._send_faults(*self._left("send"))

    def _add_fault(self, fault):
        """Plan a fault at the server, now or when it is back."""
        if "fcm" in self._down:
            self._later.append((time.monotonic() + 1, lambda: self._add_fault(fault)))
        else:
            if fault["op"] == "token":
                self._faults_planned.append(fault)
            self._send_faults(*self._left("send"), *([fault] if fault["op"] == "send" else []))

    def _left(self, op):
        """Faults of this operation that have not hit yet."""
        planned = [
            {name: value for name, value in fault.items() if value is not None}
            for fault in self.fcm.call("GET", "faults")
        ]
        return [fault for fault in planned if fault["op"] == op and fault["kind"] != "slow"]

    def _send_faults(self, *faults):
        """Slowness comes last, for ever: it is how long FCM takes."""
        slow = {"op": "send", "kind": "slow", "times": 10**6, "delay": ANSWER_SECONDS}
        self.fcm.call("POST", "faults", [*self._faults_planned, *faults, slow])


@dataclass
class Call:
    """A call to send, as the journal of the FCM server has it. `takes` and `ends` are None if it never did."""

    worker: str
    identity: tuple[str, str]
    link: str
    arrives: float
    takes: float | None = None
    ends: float | None = None
    status: int | None = None
    retry_after: str | None = None
    fault: str | None = None
    phones: dict[str, str] = field(default_factory=dict)


def calls_of(journal):
    """The calls of a journal, in the order they arrived."""
    calls = {}
    for line in journal:
        number, at = line["call"], line["at"]
        if line["event"] == "arrives":
            calls[number] = Call(line["worker"], (line["nid"], line["via"]), line["link"], at)
        elif line["event"] == "takes":
            calls[number].takes, calls[number].phones = at, line["phones"]
        else:
            call = calls[number]
            call.ends, call.status, call.retry_after, call.fault = (
                at,
                line["status"],
                line["retry_after"],
                line["fault"],
            )
    return list(calls.values())


def in_flight(calls, worker, at):
    """How many calls of this worker were open at that moment."""
    mine = [call for call in calls if call.worker == worker and call.arrives <= at]
    return sum(call.ends is None or call.ends > at for call in mine)


class Result:
    """What came of a storm."""

    def __init__(self, storm):
        from notifications.deliveries.models import Delivery

        self.storm = storm
        self.calls = calls_of(lasting_fcm.read_journal(storm.fcm.folder))
        self.deliveries = list(Delivery.objects.select_related("device"))

    def tell(self):
        """Print the figures. Returns the names of the goals that were missed."""
        messages = max(self.storm.rounds * PER_ROUND, len(self.deliveries))
        missing, double_tray = self._trays()
        taken = {call.identity for call in self.calls if call.takes}
        accepted = [each for each in self.deliveries if each.status == "accepted" and _identity(each) in taken]
        causes = self._causes_of_duplicates()
        windows, in_window, most_in_window = self._retry_after()
        kills = len(self.storm.kills_effective)
        cut_off = sum(in_flight(self.calls, worker, at) for worker, at in self.storm.kills_effective)
        limit = max(0.02 * messages, 2 * kills)
        duplicates = causes.total()
        lost = messages - len(accepted) + missing
        self._tell_more(causes)
        print(
            f"push-faults: accepted={len(accepted)} lost={lost} double_tray={double_tray} duplicates={duplicates} "
            f"duplicate_percent={100 * duplicates / messages:.1f} unexplained={causes['unexplained']} "
            f"kills_effective={kills} in_flight={cut_off} fcm_kills={len(self.storm.fcm_kills)} windows={windows} "
            f"calls_in_window={in_window} clock_jumps={len(self.storm.jumps)} "
            f"jump_pause_s={max(self.storm.jump_pauses, default=0):.1f}",
            flush=True,
        )
        goals = {
            "lost": lost == 0,
            "double_tray": double_tray == 0,
            "duplicates": duplicates <= limit,
            "unexplained": causes["unexplained"] == 0,
            "kills_effective": kills >= self.storm.kills,
            "fcm_kills": len(self.storm.fcm_kills) == 2,
            "windows": windows > 0,
            "calls_in_window": most_in_window <= 1,
            "jumps": not self.storm.clock or len(self.storm.jumps) > len(JUMPS),
            "jump_pause_s": max(self.storm.jump_pauses, default=0) <= MOST_JUMP_PAUSE,
        }
        return [name for name, reached in goals.items() if not reached]

    def _trays(self):
        """(entries that are missing, entries too many), of all phones."""
        trays = defaultdict(dict)
        for call in self.calls:
            for registration, tag in call.phones.items():
                trays[registration][tag] = "/documents/" + call.link.rpartition("/")[2]
        missing = double = 0
        for registration, followed in self.storm.phones.items():
            shown = Counter(trays[registration].values())
            wanted = Counter(link for link, topics in self.storm.published.items() if topics & followed)
            missing += (wanted - shown).total()
            double += (shown - wanted).total()
        return missing, double

    def _causes_of_duplicates(self):
        """Counter of why FCM took a message again."""
        causes, before = Counter(), {}
        for call in sorted((call for call in self.calls if call.takes), key=lambda call: call.takes):
            if call.identity in before:
                causes[self._cause(before[call.identity])] += 1
            before[call.identity] = call
        return causes

    def _cause(self, call):
        if call.ends is None:
            return "fcm_killed"
        if call.fault == "accept_then_reset":
            return "connection_cut"
        if any(worker == call.worker and self._is_unsettled(call, at) for worker, at in self.storm.kills_tried):
            return "worker_killed"
        if any(self._is_unsettled(call, at, CLAIMED_UNTIL_CALLED) for at in self.storm.jumps):
            return "clock_jumped"
        return "unexplained"

    def _is_unsettled(self, call, at, claimed_before=0.2):
        """Whether FCM's answer may not have been recorded at that moment: it cannot be while the database is away."""
        settled = call.ends + SETTLE_SECONDS
        for outage in self.storm.outages:
            if outage - SETTLE_SECONDS <= call.ends <= outage + OUTAGE_SECONDS + 2:
                settled = max(settled, outage + OUTAGE_SECONDS + 2 + SETTLE_SECONDS)
        return call.arrives <= at + claimed_before and at <= settled

    def _retry_after(self):
        """(windows in which FCM asked to wait, calls that arrived inside, most of one worker in one window)."""
        windows = []
        for call in sorted((call for call in self.calls if call.retry_after), key=lambda call: call.ends):
            begins, ends = call.ends + UNDERWAY_SECONDS, call.ends + int(call.retry_after) - 0.2
            if windows and begins <= windows[-1][1]:
                windows[-1][1] = max(ends, windows[-1][1])
            else:
                windows.append([begins, ends])
        inside = Counter(
            (number, call.worker)
            for number, (begins, ends) in enumerate(windows)
            for call in self.calls
            if begins < call.arrives < ends
        )
        return len(windows), inside.total(), max(inside.values(), default=0)

    def _tell_more(self, causes):
        kinds = Counter(each.target_kind for each in self.deliveries)
        states = Counter(each.status for each in self.deliveries)
        faults = Counter(call.fault for call in self.calls if call.fault not in (None, "slow"))
        again = sum(each.attempts > 1 for each in self.deliveries)
        print(f"{self.storm.seconds:.0f} s, {len(self.storm.published)} publications, {dict(states)}, {dict(kinds)}")
        print(f"kills tried {len(self.storm.kills_tried)}, tried again {again}, calls hit {dict(faults)}")
        print(f"causes of duplicates {dict(causes)}")


def _identity(delivery):
    """(notification, target) as FCM knows them: what it took again for one of these is a duplicate."""
    target = delivery.device.registration_id if delivery.device else delivery.target
    kind = delivery.device.id_kind if delivery.device else delivery.target_kind
    return str(delivery.notification_id), f"{kind}:{target}"


if __name__ == "__main__":
    main()
