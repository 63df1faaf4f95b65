#!/usr/bin/env python3
"""Vérifie un dossier de preuve LObsTer, hors ligne, avec la seule bibliothèque standard de Python (3.8 ou plus récent).

    python3 verify.py dossier.zip --cle-publique CLE     un fichier ZIP, ou le dossier où il a été extrait
    python3 verify.py --auto-test                        les vecteurs de la RFC 8032

Répond VALIDE (code 0), ou INVALIDE avec le fichier, les octets ou la position en cause (code 1).
"""
import argparse
import hashlib
import json
import os
import struct
import sys
import zipfile


class Invalid(Exception):
    """Ce qui ne va pas, et où."""


# --- Ed25519 (RFC 8032) -------------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    x = recover_x(y & (1 << 255) - 1, y >> 255)
    y &= (1 << 255) - 1
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p = add(p, p)
        n >>= 1
    return q


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point(BASE_Y.to_bytes(32, "little"))


def signed(public, message, signature):
    """Vrai si `signature` est celle de `message` par la clé `public` (octets)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, a)))


# --- Le journal ---------------------------------------------------------------------------------------------------------

def leaf(event):
    """L'empreinte d'un événement : huit champs, chacun précédé de sa longueur sur 64 bits."""
    fields = [
        event["aggregate_type"].encode(),
        event["aggregate_id"].encode(),
        struct.pack(">q", event["sequence"]),
        event["event_type"].encode(),
        event["event_version"].encode(),
        struct.pack(">q", event["recorded_at_us"]),
        event["payload"].encode(),
        event["metadata"].encode(),
    ]
    return hashlib.sha256(b"".join(struct.pack(">Q", len(f)) + f for f in fields)).digest()


def root_of(leaf_hash, index, size, path):
    """La racine de Merkle (RFC 6962) ; None si le chemin ne convient pas."""
    at, last = index, size - 1
    if not 0 <= at <= last:
        return None
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            leaf_hash = hashlib.sha256(b"\1" + sibling + leaf_hash).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf_hash = hashlib.sha256(b"\1" + leaf_hash + sibling).digest()
        at, last = at >> 1, last >> 1
    return leaf_hash if last == 0 else None


def head_message(head):
    return (
        "lobster signed head 1\nposition {position}\nseal {seal_no}\nhash {hash}\nsigned_at {signed_at}\n"
    ).format(**head).encode()


# --- Le dossier ---------------------------------------------------------------------------------------------------------

class Folder:
    def __init__(self, path):
        self.path = path

    def names(self):
        for base, _, files in os.walk(self.path):
            for name in files:
                yield os.path.relpath(os.path.join(base, name), self.path).replace(os.sep, "/")

    def read(self, name):
        try:
            with open(os.path.join(self.path, *name.split("/")), "rb") as file:
                return file.read()
        except OSError:
            raise Invalid("%s : fichier absent ou illisible" % name)


class Zip:
    def __init__(self, path):
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise Invalid("%s : archive illisible (%s)" % (path, error))

    def names(self):
        return self.zip.namelist()

    def read(self, name):
        try:
            with self.zip.open(name) as file:
                file._expected_crc = None  # nos empreintes disent mieux où l'octet a changé
                return file.read()
        except Exception as error:
            raise Invalid("%s : fichier absent ou illisible (%s)" % (name, error))


def parse(name, data):
    try:
        return json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise Invalid("%s : JSON illisible (%s)" % (name, error))


def check_manifest(source, public):
    raw = source.read("manifest.json")
    message = b"lobster bundle 1\n" + hashlib.sha256(raw).hexdigest().encode() + b"\n"
    try:
        signature = bytes.fromhex(source.read("manifest.sig").decode("ascii").strip())
    except ValueError:
        raise Invalid("manifest.sig : ce n'est pas une signature")
    if not signed(public, message, signature):
        raise Invalid("manifest.json, manifest.sig : la signature ne convient pas à cette clé publique")
    return parse("manifest.json", raw)


def check_file(source, entry):
    name, data = entry["name"], source.read(entry["name"])
    if hashlib.sha256(data).hexdigest() == entry["sha256"]:
        return data
    size = entry["block"]
    for number, digest in enumerate(entry["blocks"]):
        start = number * size
        block = data[start:start + size]
        if hashlib.sha256(block).hexdigest() != digest:
            raise Invalid("%s : octets %d à %d modifiés" % (name, start, min(start + size, entry["bytes"]) - 1))
    raise Invalid("%s : %d octets, %d attendus" % (name, len(data), entry["bytes"]))


def check_segments(segments, keys):
    """Chaque suite de sceaux mène à une tête signée ; rend les racines."""
    roots = {}
    for segment in segments:
        head, before = bytes.fromhex(segment["before"]), None
        for link in segment["links"]:
            first, last, number = link["first_pos"], link["last_pos"], link["seal_no"]
            if before and (number, first) != (before[0] + 1, before[1] + 1):
                raise Invalid("chain.json : le sceau %d (position %d) ne suit pas le précédent" % (number, first))
            root = bytes.fromhex(link["merkle_root"])
            head = hashlib.sha256(head + root + struct.pack(">qq", first, last)).digest()
            roots[number], before = (root, first, last), (number, last)
        signed_head = segment["head"]
        if signed_head is None:
            raise Invalid("chain.json : aucune tête signée au bout de la chaîne")
        position = signed_head["position"]
        if before != (signed_head["seal_no"], position) or head.hex() != signed_head["hash"]:
            raise Invalid("chain.json : la chaîne ne mène pas à la tête signée en position %d" % position)
        key = signed_head["public_key"]
        genuine = signed(bytes.fromhex(key), head_message(signed_head), bytes.fromhex(signed_head["signature"]))
        if key not in keys or not genuine:
            raise Invalid("chain.json : la tête signée en position %d n'est pas authentique" % position)
    return roots


def check_events(lines, inclusions, roots):
    events, streams = {}, {}
    for number, line in enumerate(lines, 1):
        event = parse("events.ndjson ligne %d" % number, line)
        position, where = event["position"], "events.ndjson ligne %d (position %d)" % (number, event["position"])
        digest = leaf(event)
        if digest.hex() != event["leaf"]:
            raise Invalid("%s : l'événement ne correspond pas à son empreinte" % where)
        proof = inclusions.get(position)
        if proof is None or proof["seal_no"] not in roots:
            raise Invalid("%s : aucune preuve d'inclusion" % where)
        root, first, last = roots[proof["seal_no"]]
        path = [bytes.fromhex(sibling) for sibling in proof["path"]]
        placed = proof["index"] == position - first and proof["size"] == last - first + 1
        if not placed or root_of(digest, proof["index"], proof["size"], path) != root:
            raise Invalid("%s : l'événement n'est pas sous le sceau %d" % (where, proof["seal_no"]))
        stream = event["aggregate_type"], event["aggregate_id"]
        if event["sequence"] != streams.get(stream, 0) + 1:
            raise Invalid("%s : un événement manque avant celui-ci" % where)
        streams[stream] = event["sequence"]
        events[position] = event
    return events


def check(source, public):
    manifest = check_manifest(source, public)
    files = {entry["name"]: check_file(source, entry) for entry in manifest["files"]}
    for name in source.names():
        if name not in files and name not in ("manifest.json", "manifest.sig") and not name.endswith(("/", ".pyc")):
            raise Invalid("%s : fichier inconnu du manifeste" % name)
    roots = check_segments(parse("chain.json", files["chain.json"]), set(manifest["head_keys"]))
    inclusions = {proof["position"]: proof for proof in parse("inclusion.json", files["inclusion.json"])}
    events = check_events(files["events.ndjson"].splitlines(), inclusions, roots)
    if len(events) != manifest["events"]:
        raise Invalid("events.ndjson : %d événements, %d attendus" % (len(events), manifest["events"]))
    for document in manifest["documents"]:
        event = events.get(document["position"])
        told = event and parse("events.ndjson", event["payload"].encode())[event["event_type"]][document["field"]]
        if told is None or hashlib.sha256(files[document["file"]]).hexdigest() != told:
            raise Invalid("%s : ce n'est pas le document que nomme l'événement %d" % (document["file"], document["position"]))
    return manifest


VECTORS = (
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
)


def self_test():
    for public, message, signature in VECTORS:
        public, message, signature = map(bytes.fromhex, (public, message, signature))
        assert signed(public, message, signature), "un vecteur de la RFC 8032 est refusé"
        for at in range(0, 64, 7):
            bent = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1:]
            assert not signed(public, message, bent), "une signature fausse est acceptée"
        assert not signed(public, message + b"x", signature), "un autre message est accepté"
    print("auto-test : tout est juste")


def main():
    parser = argparse.ArgumentParser(description="Vérifie un dossier de preuve LObsTer.")
    parser.add_argument("dossier", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--cle-publique", help="la clé publique obtenue hors du dossier, 64 chiffres hexadécimaux")
    parser.add_argument("--auto-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.auto_test:
        return self_test()
    try:
        source = Folder(arguments.dossier) if os.path.isdir(arguments.dossier) else Zip(arguments.dossier)
        key = arguments.cle_publique or source.read("public_key.txt").decode("ascii", "replace")
        try:
            public = bytes.fromhex(key.strip())
        except ValueError:
            raise Invalid("public_key.txt : ce n'est pas une clé publique")
        manifest = check(source, public)
    except Invalid as invalid:
        print("INVALIDE : %s" % invalid)
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, struct.error) as error:
        print("INVALIDE : un fichier n'a pas la forme attendue (%r)" % error)
        return 1
    print("VALIDE : commande %s, %d événements, %d documents" % (
        manifest["order"], manifest["events"], len(manifest["documents"])))
    for document in manifest["absent"]:
        print("Absent du dossier, connu du journal : %s (SHA-256 %s)" % (document["file"], document["sha256"]))
    if manifest["unsealed"]:
        print("%d événements n'étaient pas encore scellés : rien n'est prouvé à leur sujet" % manifest["unsealed"])
    if not arguments.cle_publique:
        print("Attention : clé publique lue dans le dossier. Comparez-la à celle que LObsTer publie :")
        print("  %s" % key.strip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
