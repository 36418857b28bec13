"""Bundles that were tampered with: each case as a file of its own.

bundle_forge.py BUNDLE OTHER OUT: writes OUT/CASE.zip and prints "CASE what must be said".
bundle_forge.py --bytes BUNDLE OUT: writes OUT/NAME.zip for each file with one byte of it changed.
OTHER is the bundle of another run of the same campaign.
"""
import hashlib
import re
import struct
import sys
import zipfile


def load(path):
    with zipfile.ZipFile(path) as z:
        return {i.filename: z.read(i) for i in z.infolist()}


def save(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name in sorted(files):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            z.writestr(info, files[name])


def sha(data):
    return hashlib.sha256(data).hexdigest()


def set_entry(text, name, data):
    """bytes and sha256 of the element that has this name, in an index or a manifest."""
    pattern = rb'( name="' + re.escape(name.encode()) + rb'"[^>]*? bytes=")\d+(" sha256=")[0-9a-f]{64}'
    return re.sub(pattern, lambda m: m[1] + str(len(data)).encode() + m[2] + sha(data).encode(), text)


def reindex(files):
    """As whoever forges would: the index agrees with the files again, and nobody signed it."""
    files = dict(files)
    files.pop("bundle.p7s", None)
    for name, data in files.items():
        if name != "bundle.xml":
            files["bundle.xml"] = set_entry(files["bundle.xml"], name, data)
    return files


def rebind(files):
    """Also manifest and ledger say what the forged result says."""
    files = dict(files)
    for name in ("plan.xml", "journal", "capture.pcapng", "exchanges", "run.xml"):
        files["manifest.xml"] = set_entry(files["manifest.xml"], name, files[name])
    ledger = next(n for n in files if n.startswith("ledger/"))
    lines = files[ledger].decode().splitlines()
    lines[-1] = re.sub(r' result="[0-9a-f]*"', f' result="{sha(files["run.xml"])}"', lines[-1])
    lines[-1] = re.sub(r' exchanges="[0-9a-f]*"', f' exchanges="{sha(files["exchanges"])}"', lines[-1])
    files[ledger] = chain(lines)
    return reindex(files)


def chain(lines):
    """Lines of a ledger with their digests made anew."""
    before = "0" * 64
    out = []
    for line in lines:
        line = re.sub(r' before="[0-9a-f]*"', f' before="{before}"', line)
        bare = re.sub(r' sha256="[0-9a-f]*"', "", line, count=1)
        before = sha(bare.encode())
        out.append(re.sub(r"^<(\w+) ", rf'<\1 sha256="{before}" ', bare))
    return ("\n".join(out) + "\n").encode()


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def cases(good, other):
    def edit(name, old, new, count=1):
        assert old in good[name], (name, old)
        return {**good, name: good[name].replace(old, new, count)}

    yield "verdict", "run.xml:", rebind(edit("run.xml", b'kind="reliability" verdict="pass"',
                                             b'kind="reliability" verdict="fail"'))
    yield "count", "run.xml:", rebind(edit("run.xml", b' good="', b' good="1'))
    yield "record", "exchanges: byte", rebind({**good, "exchanges": flip(good["exchanges"], 16 + 40)})
    yield "capture-swapped", "run.xml", rebind({**good, "capture.pcapng": other["capture.pcapng"]})
    yield "capture-and-journal-swapped", "journal: belongs to another plan", rebind(
        {**good, "capture.pcapng": other["capture.pcapng"], "journal": other["journal"]})
    ledger = next(n for n in good if n.startswith("ledger/"))
    lines = good[ledger].decode().splitlines()
    yield "link-removed", ledger, reindex({**good, ledger: "\n".join(lines[:1] + lines[2:]).encode() + b"\n"})
    yield "links-rechained", ledger, reindex({**good, ledger: chain(lines[:1] + lines[3:])})
    yield "ledger-cut", ledger, reindex({**good, ledger: "\n".join(lines[:-2]).encode() + b"\n"})
    yield "ledger-of-the-other", ledger, reindex({**good, ledger: other[ledger]})
    yield "limit", "plan", rebind(edit("plan.xml", b'latency-strict-ns="', b'latency-strict-ns="1'))
    profile = next(n for n in good if n.endswith("profile.xml"))
    yield "profile", profile, reindex({**good, profile: good[profile] + b"\n"})
    yield "index-laboratory", "bundle.xml:", {**edit("bundle.xml", b"<laboratory", b'<laboratory name="Another"')}
    yield "index-conclusion", "bundle.xml:", {**edit("bundle.xml", b'conclusion verdict="', b'conclusion verdict="x')}
    yield "file-added", "extra is in the bundle", {**good, "extra": b"x"}
    removed = dict(good)
    del removed[profile]
    yield "file-removed", "not in the bundle", removed
    unlisted = dict(removed)
    unlisted["bundle.xml"] = re.sub(rb"  <file name=\"" + re.escape(profile.encode()) + rb"\"[^>]*>\n", b"",
                                    good["bundle.xml"])
    yield "file-unlisted", profile, unlisted
    yield "newer", "reads version 1", edit("bundle.xml", b'version="1" kind', b'version="2" kind')


def hostile(out, good):
    """Zips that are an attack, or none."""
    for name in ("../outside", "/tmp/gridassay-outside", "a/../../outside", "a//b", "a\\..\\b", ".hidden"):
        case = "name-" + re.sub(r"[^a-z]", "_", name)
        save(f"{out}/{case}.zip", {**good, name: b"x"})
        yield case, "has the name"
    path = f"{out}/link.zip"
    save(path, good)
    with zipfile.ZipFile(path, "a") as z:
        info = zipfile.ZipInfo("link")
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        z.writestr(info, "/etc/passwd")
    yield "link", "no plain file"
    path = f"{out}/twice.zip"
    save(path, good)
    import warnings
    warnings.simplefilter("ignore")
    with zipfile.ZipFile(path, "a") as z:
        z.writestr("run.xml", b"<run/>")
    yield "twice", "twice"
    save(f"{out}/bomb.zip", {**good, "bomb": bytes(300 << 20)})
    yield "bomb", "would grow"
    data = open(sys.argv[1], "rb").read()
    for name, part in (("cut", data[:len(data) // 2]), ("cut-end", data[:-1]), ("none", b""),
                       ("text", b"no zip at all\n"), ("behind", data + b"x" * 70000)):
        with open(f"{out}/{name}.zip", "wb") as f:
            f.write(part)
        yield name, "no whole zip"
    # The directory says fewer bytes than are there.
    at = data.index(b"PK\1\2")
    size = struct.unpack("<I", data[at + 24:at + 28])[0]
    lied = data[:at + 24] + struct.pack("<I", size - 1) + data[at + 28:]
    with open(f"{out}/lied.zip", "wb") as f:
        f.write(lied)
    yield "lied", "lied.zip"


def main():
    if sys.argv[1] == "--bytes":
        good, out = load(sys.argv[2]), sys.argv[3]
        for i, name in enumerate(sorted(good)):
            save(f"{out}/byte-{i}.zip", {**good, name: flip(good[name], len(good[name]) // 2)})
            print(f"byte-{i} {name}")
        return
    good, other, out = load(sys.argv[1]), load(sys.argv[2]), sys.argv[3]
    for case, said, files in cases(good, other):
        save(f"{out}/{case}.zip", files)
        print(case, said)
    for case, said in hostile(out, good):
        print(case, said)


if sys.argv[1:] != ["--none"]:
    main()
