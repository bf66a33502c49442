#!/usr/bin/env python3
"""A real tree to add: documents found on this machine, and what a seed gives: symlinks, an empty file, hidden files, a file
over 100 MB, a directory over the shard threshold.   tree.py [--seed N] [--small] TARGET"""
import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess

MB = 1_000_000


class Stream:
    """The ChaCha20 keystream of a seed: key sha256(seed), nonce 0, counter 0."""

    def __init__(self, seed):
        key = hashlib.sha256(seed.encode()).hexdigest()
        self.source = subprocess.Popen(["openssl", "enc", "-chacha20", "-K", key, "-iv", "0" * 32, "-in", "/dev/zero"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def read(self, size):
        return self.source.stdout.read(size)

    def below(self, bound):
        return int.from_bytes(self.read(8), "little") % bound

    def close(self):
        self.source.kill()
        self.source.wait()


def gather(target, want_files, want_bytes):
    """Copy readable documents of this machine until there are enough; the seed makes up for what is missing."""
    files = size = 0
    for base in ("/usr/share/doc", "/usr/include", "/usr/share/perl", "/usr/lib/python3"):
        for folder, folders, names in os.walk(base):
            folders.sort()
            place = target / pathlib.Path(folder).relative_to("/usr")
            for name in sorted(names):
                source = pathlib.Path(folder) / name
                try:
                    if source.is_symlink() or not source.is_file() or source.stat().st_size > 4 * MB:
                        continue
                    place.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, place / name)
                except OSError:
                    continue
                files += 1
                size += (place / name).stat().st_size
                if files >= want_files and size >= want_bytes:
                    return files, size
                if files >= 2 * want_files:
                    return files, size
    return files, size


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", default="1")
    options.add_argument("--small", action="store_true", help="a few MB, nothing from this machine")
    options.add_argument("target", type=pathlib.Path)
    args = options.parse_args()
    stream = Stream(f"cairn-tree-{args.seed}")
    target = args.target
    target.mkdir(parents=True)
    want_files, want_bytes = (60, 3 * MB) if args.small else (5_500, 250 * MB)
    files, size = (0, 0) if args.small else gather(target / "found", want_files, want_bytes)
    made = target / "made"
    made.mkdir()
    while files < want_files or (size < want_bytes and files < 4 * want_files):
        folder = made / f"{stream.below(40):02}" / f"{stream.below(10)}"
        folder.mkdir(parents=True, exist_ok=True)
        count = stream.below(3000) if stream.below(4) else stream.below(400_000)
        (folder / f"file {files:05}.bin").write_bytes(stream.read(count))
        files, size = files + 1, size + count
    with open(target / "big.bin", "wb") as out:
        left = 2_500_000 if args.small else 260 * MB
        while left:
            part = stream.read(min(left, MB))
            out.write(part)
            left -= len(part)
    (target / "empty").write_bytes(b"")
    (target / "empty-folder").mkdir()
    (target / ".hidden").write_bytes(stream.read(100))
    (target / "one-chunk.bin").write_bytes(stream.read(262144))
    (target / "one-more.bin").write_bytes(stream.read(262145))
    (target / "link").symlink_to("big.bin")
    (target / "broken link").symlink_to("../nowhere/at all")
    (target / "made" / "link-to-folder").symlink_to("../empty-folder")
    (target / "naïve ☃ name.txt").write_text("names are bytes\n")
    shard = target / "sharded"
    shard.mkdir()
    for i in range(6_000):
        (shard / f"entry-{i:05}.txt").write_text(f"{i}\n")
    stream.close()


if __name__ == "__main__":
    main()
