"""What the harness measured against what the equipment did: live.py LIMIT_MS DELAY=RUN=TRUTH..."""
import os
import struct
import sys
import xml.etree.ElementTree as ET

RECORD, HEADER = 112, 16  # harness/score/README.md: the file exchanges
LOST = 2                  # harness/score/outcome.h: enum cause
ANSWER = "on-demand_Mtr-read_resp-data"
CLOCK_NS = 1000           # two readings of one clock may be told that far in the wrong order
PLAIN_MS = 8              # farther from a limit than a busy machine delays an answer

limit_ms = int(sys.argv[1])
faults = []


def local(e):
    return e.tag.split("}")[-1]


def records(run):
    """{correlation: (latency_ns, canonical_bytes, cause)} of the answers."""
    plan = ET.parse(os.path.join(run, "plan.xml")).getroot()
    row = [i for i, r in enumerate(e for e in plan if local(e) == "row") if r.get("payload") == ANSWER]
    with open(os.path.join(run, "exchanges"), "rb") as f:
        data = f.read()[HEADER:]
    out = {}
    for at in range(0, len(data) - RECORD + 1, RECORD):
        r, _, scenario, kase, trial, sub = struct.unpack_from("<6I", data, at)
        if r not in row:
            continue
        latency, = struct.unpack_from("<q", data, at + 40)
        size, = struct.unpack_from("<q", data, at + 72)
        name = "ga-%s-%d.%d-%d" % (plan.get("nonce"), scenario, kase, trial)
        out[name] = (latency, size, data[at + 100])
    return out


def truth(path):
    sent, lost = {}, set()
    for line in open(path):
        f = line.split()
        if f[2] != ANSWER:
            continue
        if f[0] == "lost":
            lost.add(f[1])
        else:
            sent[f[1]] = (int(f[4]) - int(f[3]), int(f[5]))
    return sent, lost


def verdict(run):
    for row in ET.parse(os.path.join(run, "run.xml")).getroot().iter():
        if local(row) == "row" and row.get("payload") == ANSWER:
            return next(c.get("verdict") for v in row if local(v) == "variant"
                        for c in v if local(c) == "criterion" and c.get("kind") == "latency")


def uncertainty_ns(run):
    return next(int(e.get("uncertainty-ns")) for e in ET.parse(os.path.join(run, "run.xml")).getroot().iter()
                if e.get("uncertainty-ns"))


def expected(delay, uncertain_ms):
    for edge in (limit_ms, 2 * limit_ms):
        if abs(delay - edge) < PLAIN_MS + uncertain_ms:
            return None
    return "pass" if delay < limit_ms else "inconclusive" if delay < 2 * limit_ms else "fail"


def us(ns):
    return "%.0f" % (ns / 1000)


print("| delay, ms | answers | error mean, µs | p99 | worst | lost: done, counted | size, bytes: sent, measured"
      " | U, µs | latency |\n|---|---|---|---|---|---|---|---|---|")
everything = []
for arg in sys.argv[2:]:
    delay, run, told = arg.split("=")
    delay = int(delay)
    got, (sent, lost) = records(run), truth(told)
    fault = lambda text: faults.append("delay %d ms: %s" % (delay, text))
    measured_lost = {c for c, (_, _, cause) in got.items() if cause == LOST}
    if measured_lost != lost & set(got):
        fault("%d answers counted as lost, %d were" % (len(measured_lost), len(lost & set(got))))
    if set(got) - set(sent) - lost:
        fault("%d exchanges that the equipment knows nothing of" % len(set(got) - set(sent) - lost))
    errors, sizes, wrong = [], set(), 0
    for c, (latency, size, _) in got.items():
        if c in sent and c not in measured_lost:
            errors.append(latency - sent[c][0])
            sizes.add(sent[c][1])
            wrong += size != sent[c][1]
    if wrong:
        fault("%d sizes are not those that were sent" % wrong)
    if not errors:
        fault("no answer was measured")
        continue
    errors.sort()
    everything += errors
    if errors[0] < -CLOCK_NS:
        fault("measured %d ns less than it took" % -errors[0])
    word, want = verdict(run), expected(delay, uncertainty_ns(run) / 1e6)
    if want is not None and word != want:
        fault("latency is %s, expected %s" % (word, want))
    most = max(size for _, size, _ in got.values())
    print("| %d | %d | %s | %s | %s | %d, %d | %s, %d | %s | %s |" % (
        delay, len(errors), us(sum(errors) / len(errors)), us(errors[len(errors) * 99 // 100]), us(errors[-1]),
        len(lost & set(got)), len(measured_lost), ", ".join(map(str, sorted(sizes))), most,
        us(uncertainty_ns(run)), word))
if everything:
    everything.sort()
    print("\n%d answers: the mean error is %s µs, p99 %s µs, the worst %s µs, the least %s µs." % (
        len(everything), us(sum(everything) / len(everything)), us(everything[len(everything) * 99 // 100]),
        us(everything[-1]), us(everything[0])))
for text in faults:
    print("metrology: " + text, file=sys.stderr)
sys.exit(1 if faults else 0)
