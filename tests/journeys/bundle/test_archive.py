"""A .zip of a bundle: what can be taken is, and nothing else."""

import random
import stat
import struct
import tracemalloc
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries import archive as reading
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.archive import MAX_ARCHIVE, MAX_ENTRIES, read_archive
from journeys.bundle.queries.folder import MAX_TOTAL
from journeys.bundle.queries.packing import packed
from journeys.bundle.queries.reading import scan_files
from tests.journeys.bundle.archives import BASE, entry, pack, with_base
from tests.journeys.bundle.folders import write_bundle
from tests.journeys.schedule.strategies import steady

LINK, FIFO = stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644


def _refused(data: bytes) -> list[str]:
    with pytest.raises(BundleFaults) as refusal:
        read_archive(data, name="ask.zip")
    return [str(fault) for fault in refusal.value.faults]


def _under(folder: str) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in BASE.items()}


@pytest.mark.parametrize(
    "data",
    [
        pack(),
        pack(way=zipfile.ZIP_STORED),
        pack(_under("ask-first-main")),
        pack([("ask/", b""), ("ask/modules/", b""), *_under("ask").items()]),
        with_base(
            ("__MACOSX/._journey.yaml", b"\0"), (".DS_Store", b"\0"), ("modules/.git/x", b""), ("README.md", b"Hi")
        ),
        packed(BASE, folder="ask-first"),
    ],
    ids=["at the root", "stored", "in a folder", "with entries of folders", "with what systems add", "as exported"],
)
def test_an_archive_says_what_its_folder_says(data, tmp_path):
    scan = scan_files(read_archive(data, name="ask.zip"))

    assert scan.faults == []
    assert scan.bundle.content == read_bundle(write_bundle(tmp_path)).content


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("../escape.md", "climbs out"),
        ("assets/../../escape.md", "climbs out"),
        ("modules/01-first/..", "climbs out"),
        ("/etc/passwd", "root of a disk"),
        ("C:/x.md", "root of a disk"),
        ("c:x.md", "root of a disk"),
        ("modules\\01-first\\01-x.md", "backslash"),
        ("..\\x.md", "backslash"),
        ("assets//x.png", "no path"),
        ("./assets/x.png", "no path"),
        ("assets/x\n.png", "no path"),
        ("assets/x\x00.png", "no path"),
        ("assets/\u202ex.png", "no path"),
        ("assets/a/b/c/d/e/f/g/h/x.png", "deep"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(name, piece):
    lines = _refused(with_base((entry(name), b"x")))

    assert len(lines) == 1
    assert piece in lines[0]


@pytest.mark.parametrize(
    ("more", "piece"),
    [
        ((entry("assets/x.png", mode=LINK), b"/etc/passwd"), "assets/x.png: This is a link."),
        ((entry("assets", mode=LINK), b"/etc"), "assets: This is a link."),
        ((entry("assets/x.png", mode=FIFO), b""), "not an ordinary file"),
        ((entry("assets/x.png", mode=stat.S_IFCHR | 0o644), b""), "not an ordinary file"),
        ((entry("assets/x.png", way=zipfile.ZIP_BZIP2), b"x"), "packed in a way"),
        ((entry("assets/x.png", way=zipfile.ZIP_LZMA), b"x"), "packed in a way"),
        (("thesis.docx", b"x"), "does not belong"),
        (("modules/notes.txt", b"x"), "does not belong"),
        (("modules/01-first/deeper/01-x.md", b"x"), "does not belong"),
        (("Journey.yaml", b"x"), "the same name"),
        (("assets/a", b"x"), "does not belong"),
    ],
)
def test_what_is_no_ordinary_file_of_a_bundle_is_refused(more, piece):
    if more[0] == "assets/a":
        data = with_base(more, ("assets/a/b.png", b"x"))
        assert any("at once" in line for line in _refused(data))
        return
    assert piece in _refused(with_base(more))[0]


def test_a_file_that_stands_there_twice_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        data = with_base(("journey.yaml", b"format: other"))

    assert _refused(data)[0].startswith("journey.yaml: The archive holds “journey.yaml” too")


@pytest.mark.parametrize(
    ("data", "piece"),
    [
        (b"", "not a .zip"),
        (b"format: waymark-journey/1\n" * 100, "not a .zip"),
        (pack()[:-30], "not a .zip"),
        (pack([]), "journey.yaml: The file is missing in ask.zip"),
        (pack({"x/y/journey.yaml": b"x"}), "too deep. Pack the folder “x/y” itself"),
        (pack({"a/journey.yaml": b"x", "b/journey.yaml": b"x"}), "more than one journey"),
        (pack({**_under("ask"), "modules/01-first/01-x.md": b"x"}), "outside of “ask”"),
        (pack({**BASE, **_under("inside")}), "does not belong"),
    ],
)
def test_what_is_not_one_journey_is_told(data, piece):
    assert any(piece in line for line in _refused(data))


def test_an_encrypted_archive_is_refused():
    data = bytearray(pack({"journey.yaml": b"x"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1

    assert "without a password" in _refused(bytes(data))[0]


def test_a_bundle_of_30_mb_is_refused_before_it_is_read():
    line = _refused(bytes(30_000_000))[0]

    assert line.startswith("ask.zip: The archive is larger than 26 MB, and a bundle may hold 25 MB.")


def test_pictures_that_are_too_much_together_are_refused():
    noise = random.Random(1).randbytes(7_000_000)
    more = [(f"assets/{number}.png", noise[number:]) for number in range(4)]

    data = pack([*BASE.items(), *more], way=zipfile.ZIP_STORED)[: MAX_ARCHIVE + 3_000_000]

    assert "larger than 26 MB" in _refused(data)[0]


@pytest.mark.parametrize(
    ("name", "content", "piece"),
    [
        ("assets/x.png", bytes(MAX_TOTAL + 1), "More than 100 times"),
        ("modules/01-first/09-x.md", random.Random(1).randbytes(1_500_000), "larger than 1 MB"),
    ],
    ids=["a picture of nothing", "a long text"],
)
def test_what_bursts_is_refused_while_it_is_read(name, content, piece):
    data = with_base((name, content))
    tracemalloc.start()

    lines = _refused(data)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert piece in lines[0]
    assert peak < 10_000_000


def test_a_size_that_is_a_lie_changes_nothing():
    """The list says one byte; what comes out is counted, and what does not fit its checksum is refused."""
    data = bytearray(with_base(("assets/x.png", bytes(40_000_000))))
    real = struct.pack("<I", 40_000_000)
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = struct.pack("<I", 1)

    assert "not a .zip" in _refused(bytes(data))[0]


def test_a_total_that_is_too_large_is_refused_whatever_its_ratio(monkeypatch):
    monkeypatch.setattr(reading, "MAX_RATIO", 10_000)
    data = with_base(*((f"assets/{number}.png", bytes(8_000_000)) for number in range(4)))

    assert "more than 25 MB" in _refused(data)[0]


def test_very_many_entries_are_refused_before_the_list_is_read(monkeypatch):
    def never(*arguments):
        raise AssertionError("The list was read.")

    data = pack([(f".x{number}", b"") for number in range(MAX_ENTRIES + 1)], way=zipfile.ZIP_STORED)
    monkeypatch.setattr(zipfile, "ZipFile", never)

    assert "more than 4000 entries" in _refused(data)[0]


def _damaged(cuts: list[tuple[int, int]]) -> bytes:
    data = bytearray(pack())
    for at, value in cuts:
        data[at % len(data)] = value
    return bytes(data)


@steady
@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), min_size=1, max_size=6).map(_damaged))
def test_a_damaged_archive_is_read_or_refused_in_words(data):
    faults = ()
    try:
        scan_files(read_archive(data, name="ask.zip"))
    except BundleFaults as refusal:
        faults = refusal.faults

    assert all(fault.detail for fault in faults)


def test_an_archive_has_the_same_bytes_at_any_time():
    assert packed(BASE, folder="x") == packed(dict(reversed(BASE.items())), folder="x")
