#!/usr/bin/env python3
"""Capability 11, the keystore: row_11.py PATH-OF-CAIRN. Kubo's bytes are compared where CAIRN_KUBO names a Kubo."""
import base64
import os
import shutil
import subprocess

from harness import CAIRN, WORK, Repo, check, finish, same

repo = Repo("keys", "flatfs")
keystore = repo.path / "keystore"

# (1) names, modes, the identity by another program's eyes
name = repo.ok("key", "gen", "foo")
same("capability 11 (1) key_mzxw6 has the mode 0400", oct(os.stat(keystore / "key_mzxw6").st_mode & 0o777), "0o400")
held = (keystore / "key_mzxw6").read_bytes()
check("capability 11 (1) it is libp2p's protobuf of an Ed25519 key: seed, then public key", held[:4] == bytes([8, 1, 18, 64]) and len(held) == 68, held[:4].hex())
pem = WORK / "foo.pem"
repo.ok("key", "export", "--format=pem-pkcs8-cleartext", "-o", pem, "foo")
same("an exported key is its owner's alone", oct(os.stat(pem).st_mode & 0o777), "0o600")
der = subprocess.run(["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"], capture_output=True, check=True).stdout
same("capability 11 (1) OpenSSL derives the public key that the file holds", der[-32:], held[-32:])
digest = bytes([0, 36, 8, 1, 18, 32]) + der[-32:]
same("capability 11 (1) IX-77 the name is the identity multihash of that key", repo.ok("cid", "format", "-v", "1", "--mc", "libp2p-key", "-b", "base36",
     "f0172" + digest.hex()), name)
for kind, wanted in (("rsa", 0), ("ed25519", 1), ("secp256k1", 2)):
    repo.ok("key", "gen", "--type", kind, "of-" + kind)
    file = keystore / ("key_" + base64.b32encode(("of-" + kind).encode()).decode().lower().rstrip("="))
    same(f"capability 11 (1) a key of {kind} says its kind", file.read_bytes()[:2], bytes([8, wanted]))

# (2) OpenSSL's PKCS#8 in, and out again the same
openssl = {"ed25519": ["-algorithm", "ED25519"], "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
           "p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "secp256k1": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
           "p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]}
for kind, options in openssl.items():
    made, back = WORK / f"{kind}.pem", WORK / f"{kind}.back"
    subprocess.run(["openssl", "genpkey", *options, "-out", made], check=True, capture_output=True)
    any_type = ["--allow-any-key-type"] if kind in ("p256", "p384") else []
    if any_type:
        repo.bad("key type *crypto.ECDSAPrivateKey is not allowed to be imported", "key", "import", "--format=pem-pkcs8-cleartext", kind, made)
    repo.ok("key", "import", "--format=pem-pkcs8-cleartext", *any_type, kind, made)
    repo.ok("key", "export", "--format=pem-pkcs8-cleartext", "-o", back, kind)

    def facts(file):
        return subprocess.run(["openssl", "pkey", "-in", file, "-outform", "DER"], capture_output=True, check=True).stdout
    same(f"capability 11 (2) IX-77 {kind} comes back as it came", facts(back), facts(made))
    again = WORK / f"{kind}.key"
    repo.ok("key", "export", "-o", again, kind)
    repo.ok("key", "rename", kind, kind + "-first")
    repo.ok("key", "import", *any_type, kind, again)
    ids = dict(reversed(line.split()) for line in repo.ok("key", "ls", "-l").splitlines())
    same(f"capability 11 (2) {kind} by libp2p's form is the same key", ids[kind], ids[kind + "-first"])

# (3) self
repo.bad("cannot remove key with name 'self'", "key", "rm", "self")
repo.bad("cannot export key with name 'self'", "key", "export", "self")
repo.bad("cannot overwrite key with name 'self'", "key", "rename", "-f", "foo", "self")
repo.bad("cannot rename key with name 'self'", "key", "rename", "self", "foo2")
repo.bad("cannot create key with name 'self'", "key", "gen", "self")
repo.bad("cannot import key with name 'self'", "key", "import", "self", WORK / "rsa.key")
repo.bad("key with name 'foo' already exists", "key", "gen", "foo")

same("capability 11 (3) self is there, as it was", repo.ok("key", "ls").split()[0], "self")

# (4) every way to write a name resolves
path = "/ipfs/" + repo.ok("add", "-Q", "--inline", input="a page\n")
repo.ok("name", "publish", "--allow-offline", "--key=foo", path)
forms = [dict(reversed(line.split()) for line in repo.ok("key", "ls", "-l", "--ipns-base=" + base).splitlines())["foo"] for base in ("base36", "b58mh", "base32", "base58btc")]
check("capability 11 (4) four ways to write a name", len(set(forms)) == 4 and forms[0].startswith("k51") and forms[1].startswith("12D3KooW") and forms[2].startswith("bafz"), forms)
for form in forms:
    same(f"capability 11 (4) {form} resolves", repo.ok("name", "resolve", form), path)
    same(f"capability 11 (4) /ipns/{form} resolves", repo.ok("resolve", "/ipns/" + form), path)
# ... (5) and what was published under foo verifies by the name alone
record = WORK / "record"
repo.start()
record.write_bytes(repo.ok("name", "get", forms[0], text=False))
check("capability 11 (5) the record of foo verifies", "Valid:         true" in repo.ok("name", "inspect", "--verify", forms[0], record) or '"Valid":true' in
      repo.ok("name", "inspect", "--enc=json", "--verify", forms[0], record), repo.run("name", "inspect", "--verify", forms[0], record).stdout)

# beside a running node: export reads the key, what changes the identity is refused
done = repo.run("key", "export", "-o", WORK / "beside.key", "foo")
same("export works beside a node", (done.returncode, (WORK / "beside.key").read_bytes() if done.returncode == 0 else done.stderr), (0, held))
repo.bad("ipfs daemon is running. please stop it to run this command", "key", "rotate", "--oldkey=old")
repo.bad("api flag specified but command cannot be run on the daemon", f"--api=/ip4/127.0.0.1/tcp/{repo.port}", "key", "export", "foo")
same("export is no part of the API", repo.ask("/api/v0/key/export?arg=foo")[0], 404)
same("rotate is no part of the API", repo.ask("/api/v0/key/rotate?oldkey=x")[0], 404)
signed = WORK / "letter"
signed.write_text("dear all\n")
repo.stop()

# sign, verify
import json
one = json.loads(repo.ok("key", "sign", "--key=foo", signed))["Signature"]
other = WORK / "other"
other.write_text("dear none\n")


def valid(key, signature, file):
    return json.loads(repo.ok("key", "verify", "--key=" + key, "--signature=" + signature, file))["SignatureValid"]


same("a signature holds", valid("foo", one, signed), True)
same("... by the name of the key alone", valid(forms[0], one, signed), True)
same("... not for other data", valid("foo", one, other), False)
same("... not for another key", valid("of-rsa", one, signed), False)
raw = base64.urlsafe_b64decode(one[1:] + "=" * (-len(one[1:]) % 4))
(WORK / "signature").write_bytes(raw)
(WORK / "prefixed").write_bytes(b"libp2p-key signed message:" + signed.read_bytes())
public = WORK / "foo.pub"
subprocess.run(["openssl", "pkey", "-in", pem, "-pubout", "-out", public], check=True)
verdict = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", WORK / "prefixed", "-sigfile", WORK / "signature"], capture_output=True, text=True)
same("OpenSSL agrees, behind the prefix that keeps it apart from other signatures", verdict.returncode, 0)

# rotate keeps the old identity
before = repo.ok("id", "-f", "<id>")
repo.ok("key", "rotate", "--oldkey=was-self", "--type=secp256k1")
check("rotate gives another identity", repo.ok("id", "-f", "<id>") != before)
ids = dict(reversed(line.split()) for line in repo.ok("key", "ls", "-l", "--ipns-base=b58mh").splitlines())
same("the old one is kept under its name", ids["was-self"], before)
repo.bad("keystore name for backing up old key must be provided", "key", "rotate")

# both programs in one repo
kubo = os.environ.get("CAIRN_KUBO")
if kubo and os.access(kubo, os.X_OK):
    theirs = subprocess.run([kubo, "key", "list", "-l"], env=repo.env, capture_output=True, text=True)
    same("Kubo lists the same keys", sorted(theirs.stdout.split("\n")), sorted(repo.run("key", "ls", "-l").stdout.split("\n")))
    subprocess.run([kubo, "key", "gen", "--type=rsa", "by-kubo"], env=repo.env, check=True, capture_output=True)
    for key in ("by-kubo", "of-secp256k1", "p384", "foo"):
        subprocess.run([kubo, "key", "export", "-o", str(WORK / "k"), key], env=repo.env, check=True, capture_output=True)
        repo.ok("key", "export", "-o", WORK / "o", key)
        same(f"{key}: exported by both with the same octets", (WORK / "o").read_bytes(), (WORK / "k").read_bytes())
else:
    print("SKIPPED: no Kubo to compare with (CAIRN_KUBO)")
finish()
