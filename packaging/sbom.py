#!/usr/bin/env python3
"""Writes what the `sojourn` binary of a build is made of, as an SPDX 2.3 document.

    sbom.py BUILD_FOLDER OUTPUT

Nothing in it is kept by hand. What the binary loads is what `ldd` finds for it. What is compiled
into it are the files outside this tree that its objects were made of, which the build remembers:
headers, and sources such as those of llhttp. What it reads while it runs, such as the rules of time
zones, is what its own package depends on besides. Of each file dpkg knows the package, and of the
package the version, the maintainer and the terms. The same build gives the same bytes;
SOURCE_DATE_EPOCH says when it was made, without it the last commit does.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENTED = pathlib.Path("/usr/share/doc")
# Debian's short names of licences, and SPDX's for the same.
SPDX_NAMES = {
    "Expat": "MIT", "MIT": "MIT", "ISC": "ISC", "Apache-2": "Apache-2.0",
    "Apache-2.0": "Apache-2.0", "BSD-2-clause": "BSD-2-Clause", "BSD-2-Clause": "BSD-2-Clause",
    "BSD-3-clause": "BSD-3-Clause", "BSD-3-Clause": "BSD-3-Clause", "Boost-1.0": "BSL-1.0",
    "BSL-1.0": "BSL-1.0", "Unlicense": "Unlicense", "curl": "curl", "OpenLDAP-2.8": "OLDAP-2.8",
    "GPL-2": "GPL-2.0-only", "GPL-2+": "GPL-2.0-or-later", "GPL-3+": "GPL-3.0-or-later",
    "LGPL-2+": "LGPL-2.0-or-later", "LGPL-2.1": "LGPL-2.1-only",
    "LGPL-2.1+": "LGPL-2.1-or-later", "LGPL-3+": "LGPL-3.0-or-later",
}


def output_of(*words, **options):
    # Words in the machine's language would differ from one machine to the next.
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(words, text=True, check=True, stdout=subprocess.PIPE, env=environment,
                          **options).stdout


def loaded_files(binary):
    """The shared objects that a start of the binary maps, but for what the kernel brings."""
    return sorted({path for path in re.findall(r"(/\S+) \(0x", output_of("ldd", str(binary)))})


def compiled_files(build):
    """Files outside this tree that the binary's objects and their sources were made of."""
    inputs = output_of("ninja", "-C", str(build), "-t", "inputs", "bin/sojourn").splitlines()
    objects = {path for path in inputs if path.endswith(".o")}
    found = {path for path in inputs if path.startswith("/") and path.endswith((".a", ".c"))}
    owner = None
    for line in output_of("ninja", "-C", str(build), "-t", "deps").splitlines():
        if not line.startswith(" "):
            owner = line.partition(":")[0]
        elif owner in objects:
            found.add(line.strip())
    outside = {os.path.realpath(os.path.join(build, path)) for path in found}
    return sorted(path for path in outside if not path.startswith((f"{ROOT}/", f"{build}/")))


def packages_of(paths):
    """By file, the package that brought it. dpkg knows some files of /usr/lib as of /lib."""
    spelled = {}
    for path in paths:
        for spelling in (path, path.removeprefix("/usr"), f"/usr{path}"):
            spelled[spelling] = path
    found = subprocess.run(["dpkg-query", "--search", *spelled], text=True, check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    owners = {}
    for names, path in re.findall(r"^(\S.*): (/.*)$", found, re.MULTILINE):
        if path in spelled and not names.startswith("diversion"):
            owners[spelled[path]] = names.split(",")[0]
    missing = sorted(set(paths) - set(owners))
    if missing:
        raise SystemExit(f"sbom: no package brought {missing[0]} ({len(missing)} such files): "
                         "build with Debian's libraries (`./dev setup`)")
    return owners


def licence_of(package):
    """What the copyright file says of all files, in SPDX's words; nothing when it is prose."""
    path = DOCUMENTED / package.partition(":")[0] / "copyright"
    text = path.read_text(errors="replace") if path.exists() else ""
    stanza = re.search(r"^Files:\s*\*\s*$(.*?)(?:\n\s*\n|\Z)", text, re.MULTILINE | re.DOTALL)
    words = re.search(r"^License:[ \t]*(.+)$", stanza[1], re.MULTILINE) if stanza else None
    if not words:
        return "NOASSERTION"
    parts = re.split(r"\s+(and|or)\s+", words[1].strip())
    names = [part.upper() if part in ("and", "or") else SPDX_NAMES.get(part) for part in parts]
    return " ".join(names) if all(names) else "NOASSERTION"


def described(package):
    fields = ("${Package}", "${Version}", "${Architecture}", "${Maintainer}", "${source:Package}",
              "${Homepage}")
    line = output_of("dpkg-query", "--show", "--showformat", "\\t".join(fields), package)
    name, version, architecture, maintainer, source, homepage = line.split("\t")
    quoted = urllib.parse.quote(version, safe="")
    release = re.search(r"^VERSION_ID=\"?([^\"\n]+)", pathlib.Path("/etc/os-release").read_text(),
                        re.MULTILINE)
    distro = f"debian-{release[1]}" if release else "debian"
    return {
        "SPDXID": f"SPDXRef-Package-{re.sub(r'[^A-Za-z0-9.-]', '-', name)}",
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "sourceInfo": f"built from the source package {source}, which {maintainer} maintains",
        "downloadLocation": "NOASSERTION",
        "homepage": homepage or "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence_of(package),
        "copyrightText": "NOASSERTION",
        "comment": "the licence is that of the source package's files in general; "
                   f"{DOCUMENTED}/{name}/copyright has the terms of each",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator":
                f"pkg:deb/debian/{name}@{quoted}?arch={architecture}&distro={distro}",
        }],
    }


def when():
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or output_of(
        "git", "-C", str(ROOT), "log", "-1", "--format=%ct").strip()
    moment = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def packaged_as(build, name):
    """What the package of this build says, in CPack's words."""
    said = (build / "CPackConfig.cmake").read_text()
    return re.search(rf'^set\({name} "(.*)"\)$', said, re.MULTILINE)[1]


def read_packages(build):
    """Those that the package asks for by name; those of libraries it finds like `loaded_files`."""
    asked_for = packaged_as(build, "CPACK_DEBIAN_PACKAGE_DEPENDS")
    return [each.split()[0] for each in asked_for.split(",")]


def supplier(build):
    name, mail = re.fullmatch(r"(.*) <(.*)>", packaged_as(build, "CPACK_PACKAGE_CONTACT")).groups()
    return f"Organization: {name} ({mail})"


def version_of(build):
    cache = (build / "CMakeCache.txt").read_text()
    return re.search(r"^CMAKE_PROJECT_VERSION:STATIC=(.*)$", cache, re.MULTILINE)[1]


def sojourn(build, binary):
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    return digest, {
        "SPDXID": "SPDXRef-Package-sojourn",
        "name": "sojourn",
        "versionInfo": version_of(build),
        "supplier": supplier(build),
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "primaryPackagePurpose": "APPLICATION",
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
    }


def document(build):
    binary = build / "bin" / "sojourn"
    ways = {}  # by package, how the binary has it
    for way, paths in (("DYNAMIC_LINK", loaded_files(binary)), ("STATIC_LINK", compiled_files(build))):
        for package in packages_of(paths).values():
            ways.setdefault(package, set()).add(way)
    read = read_packages(build)
    digest, itself = sojourn(build, binary)
    parts = {package: described(package) for package in sorted({*ways, *read})}
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", itself["SPDXID"])]
    relations += [(itself["SPDXID"], way, parts[package]["SPDXID"])
                  for package in sorted(ways) for way in sorted(ways[package])]
    relations += [(parts[package]["SPDXID"], "RUNTIME_DEPENDENCY_OF", itself["SPDXID"])
                  for package in read]
    name = f"sojourn-{itself['versionInfo']}"
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://sojourn.example/spdx/{name}-{digest}",
        "creationInfo": {"created": when(), "creators": ["Tool: sojourn-packaging-sbom"]},
        "packages": [itself, *parts.values()],
        "relationships": [{"spdxElementId": of, "relationshipType": kind, "relatedSpdxElement": to}
                          for of, kind, to in relations],
    }


def main():
    build, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    text = json.dumps(document(build), indent=1, ensure_ascii=False) + "\n"
    output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
