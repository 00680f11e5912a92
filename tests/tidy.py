#!/usr/bin/python3
"""Each rule of tools/tidy fails on a fault planted for it, and on nothing else of a clean small tree."""
import subprocess
import sys
import tempfile
from pathlib import Path

TIDY = Path(__file__).resolve().parent.parent / "tools" / "tidy"
MESON = "uses = [{}]\n# bottom-up: headers of \"uses\"\nheaders = [{}]\nfiles = [{}]\n"

CLEAN = {
    "src/meson.build": "subdir('base')\nsubdir('plan')\nsubdir('conf')\nsubdir('io')\nsubdir('sip')\n",
    "src/base/meson.build": MESON.format("", "'only.h'", "'low.c', 'high.c'"),
    "src/base/only.h": "/* alone */\nint only(void);\n",
    "src/base/low.h": '#include "base/only.h"\nint low(int x);\n',
    "src/base/low.c": '#include "base/low.h"\n\n/* malloc(5) and 5060 in a comment */\nint low(int x)\n{\n\treturn x;\n}\n',
    "src/base/high.h": '#include "base/low.h"\n\nint thing_parse(struct str text);\n',
    "src/base/high.c": '#include "base/high.h"\n\nstatic const int table[] = {1, 2};\n\n'
                       'int thing_parse(struct str text)\n{\n\treturn table[low(text.p[0] == \'"\')];\n}\n',
    "src/plan/meson.build": MESON.format("'base'", "'rows.h'", ""),
    "src/plan/rows.h": '#define PLAN_RANGES RANGE(SIP, "sip", 5060, 5061)\n',
    "src/conf/meson.build": MESON.format("'base'", "", "'schema.c'"),
    "src/conf/schema.c": '/* clang-format off */\nconst struct opt schema[] = {\n{ "sip.udp", K_BOOL, C(sip.udp), READ },\n'
                         '{ "later", K_BOOL, C(later), FLAGS(OPT_LATER), READ },\nLIMIT("calls", n_calls, 1),\n};\n'
                         '/* clang-format on */\n',
    "src/io/meson.build": MESON.format("'base', 'plan'", "'io.h'", "'bind.c'"),
    "src/io/io.h": "struct io;\n",
    "src/io/bind.c": '#include "io/io.h"\n\nint door(void)\n{\n\treturn socket(1, 2, 3);\n}\n',
    "src/sip/meson.build": MESON.format("'base', 'io'", "", "'uas.c'"),
    "src/sip/uas.c": '#include "base/high.h"\n\nvoid on_invite(struct ops *o)\n{\n\to->connect(o);\n\tfd.send(o->conf.udp + o->n_calls);\n}\n',
    "fuzz/meson.build": "targets = [\n  ['thing', base_lib],\n]\n",
    "fuzz/thing.c": "int one(const char *p)\n{\n\treturn thing_parse(p);\n}\n",
    "ARCHITECTURE.md": "```\n 1 sip/uas.c   on_invite   says\n 2 base/low.c  low         does\n```\n",
    "tests/ctl/golden/edge.md": "| SIP | 5060 |\n",
    "docs/ports.md": "# Ports\n\n| SIP | 5060 |\n",
    ".clang-format": (TIDY.parent.parent / ".clang-format").read_text(),
}

# rule, file, what is added at its end (or {old: new})
FAULTS = [
    ("include_order", "src/base/low.c", '#include "base/high.h"\n'),
    ("include_order", "src/sip/uas.c", '#include "plan/rows.h"\n'),
    ("include_order", "src/base/meson.build", {"'only.h'": ""}),
    ("include_order", "src/sip/lost.c", "int lost(void);\n"),
    ("layers", "src/base/meson.build", {"uses = []": "uses = ['sip']"}),
    ("layers", "src/base/only.h", '#include "base/only.h"\n'),
    ("includes_from_src", "src/base/high.h", '#include "low.h"\n'),
    ("banned_calls", "src/sip/uas.c", "int f(void)\n{\n\treturn socket(1, 2, 3);\n}\n"),
    ("banned_calls", "src/sip/uas.c", "int f(void)\n{\n\treturn sendto(1);\n}\n"),
    ("banned_calls", "src/sip/uas.c", "int f(void)\n{\n\treturn time(0);\n}\n"),
    ("banned_calls", "src/io/bind.c", "int f(void)\n{\n\treturn malloc(5);\n}\n"),
    ("banned_calls", "src/io/bind.c", "int f(char *a)\n{\n\treturn atoi(a);\n}\n"),
    ("port_numbers", "src/sip/uas.c", "int port = 5061;\n"),
    ("port_numbers", "src/sip/uas.c", 'const char *port = "sip:x 5060";\n'),
    ("third_party", "src/sip/uas.c", "#include <openssl/ssl.h>\n"),
    ("third_party", "src/base/high.c", "#include <yaml.h>\n"),
    ("mutable_state", "src/sip/uas.c", "static int n_calls;\n"),
    ("mutable_state", "src/sip/uas.c", "int f(void)\n{\n\tstatic char buf[5];\n\n\treturn buf[0];\n}\n"),
    ("fuzz_targets", "src/sip/msg.h", "int sip_index(struct str text);\n"),
    ("fuzz_targets", "fuzz/meson.build", {"['thing', base_lib],": ""}),
    ("settings_that_act", "src/conf/schema.c", {"C(sip.udp)": "C(sip.tcp)"}),
    ("settings_that_act", "src/conf/schema.c", {"n_calls,": "n_legs,"}),
    ("settings_that_act", "src/conf/schema.c", {"FLAGS(OPT_LATER)": "FLAGS(OPT_EDGE)"}),
    ("settings_that_act", "src/sip/uas.c", {"conf.udp": "conf"}),
    ("printed_hops", "ARCHITECTURE.md", {"on_invite": "on_bye"}),
    ("printed_hops", "ARCHITECTURE.md", {"low.c": "lost.c"}),
    ("printed_ports", "docs/ports.md", {"5060": "5061"}),
    ("printed_ports", "tests/ctl/golden/control.md", "| SIP | 5062 |\n"),
    ("forbidden_words", "src/base/low.h", "/* TO" + "DO: more */\n"),
    ("forbidden_words", "docs/x.md", "see ../sha" + "red/design\n"),
    ("formatted", "src/base/low.h", "int   two( int x );\n"),
]
# an archive per fault: folder, C text, rule
OBJECTS = [
    ("sip", "int clock_gettime(int, void *); int f(void) { return clock_gettime(0, 0); }", "kernel_symbols"),
    ("sip", "int open(const char *, int); int f(void) { return open(\"\", 0); }", "kernel_symbols"),
    ("sip", "int counter; int *f(void) { return &counter; }", "mutable_state"),
    ("sip", "int *f(void) { static int n = 3; return &n; }", "mutable_state"),
    ("sip", "int socketless(void); static const char *const names[] = {\"a\"}; "
            "const char *const *f(void) { return socketless() ? names : 0; }", None),
    ("io", "int socket(int, int, int); int f(void) { return socket(1, 2, 3); }", None),
]


def broken_rules(tree, *args):
    out = subprocess.run([sys.executable, tree / "tools/tidy", *args], capture_output=True, text=True, check=False)
    rules = [line.split()[-1] for line in out.stdout.splitlines() if line.startswith("not ok")]
    if out.stderr or (out.returncode != 0) != bool(rules):
        print("# status", out.returncode, out.stderr)
        rules.append("breakdown")
    return rules


def plant(tree, files):
    for name, content in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)


def with_fault(tree, rule, name, change):
    path = tree / name
    before = path.read_text() if path.exists() else None
    after = (before or "") + change if isinstance(change, str) else before
    for old, new in ({} if isinstance(change, str) else change).items():
        after = after.replace(old, new, 1)
    plant(tree, {name: after})
    rules = broken_rules(tree)
    path.unlink() if before is None else path.write_text(before)
    return rule in rules and "breakdown" not in rules and after != before


def with_object(tree, number, folder, source, rule):
    build = tree / "build" / str(number)
    plant(build, {f"src/{folder}/uas.c": source})
    name = f"src/{folder}/uas.c.o"
    subprocess.run(["cc", "-w", "-fPIE", "-c", f"src/{folder}/uas.c", "-o", name], cwd=build, check=True)
    subprocess.run(["ar", "rcs", f"src/{folder}/lib{folder}.a", name], cwd=build, check=True)
    return broken_rules(tree, "--build", build) == ([rule] if rule else [])


def main():
    results = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        plant(tree, CLEAN | {"tools/tidy": TIDY.read_text()})
        clean = broken_rules(tree)
        results.append((not clean, f"a clean tree is clean {clean or ''}"))
        for rule, name, change in FAULTS:
            results.append((with_fault(tree, rule, name, change), f"{rule} finds {change!r} in {name}"))
        for i, (where, source, rule) in enumerate(OBJECTS):
            results.append((with_object(tree, i, where, source, rule), f"{rule or 'no rule'}: {where}, {source}"))
    print(f"1..{len(results)}")
    for i, (is_ok, name) in enumerate(results):
        print(f"{'ok' if is_ok else 'not ok'} {i + 1} - {name}".encode("unicode_escape").decode().replace("#", ""))
    return any(not is_ok for is_ok, _ in results)


sys.exit(main())
