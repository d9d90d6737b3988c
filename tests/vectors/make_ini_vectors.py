"""Writes ini.json: what Python's configparser makes of INI texts, chosen and random.

Run `python3 make_ini_vectors.py > ini.json`; the same Python version gives the same file.
"""

import configparser
import json
import os
import random
import sys
import tempfile

CHOSEN = {
    "fand's sample": """\
[DEFAULT]
shelves = shelf1, shelf2
hdd_temps = 0: 25, 37: 30, 38: 40, 39: 50, 40: 75, 41: 100
ssd_temps = 0: 25, 60: 40, 62.5: 50, 65: 70, 67.5: 90, 70: 100
cpu_temps = 0: 25, 75: 40, 80: 60, 85: 80, 90: 100

[shelf1]
devices =
    cpu; host
    WD-1; bay 1; ignored
# a comment

[shelf2]
devices = WD-2; bay 2
cpu_temps: 0: 30
""",
    "empty": "",
    "only comments": "# one\n; two\n   # three\n",
    "no header": "a = 1\n[s]\n",
    "colon first": "[s]\na: b = c\nd = e : f\n",
    "no blanks": "[s]\na=1\nb:2\n",
    "case of options": "[S]\nAbC = Value\n[s]\nabc = other\n",
    "inline comments stay": "[s]\na = 1 # not a comment\nb = 2 ; neither\n",
    "comments in a value": "[s]\na =\n  one\n# out\n  ; in\n  two\n",
    "blank lines in a value": "[s]\na = one\n\n\n  two\n\nb = three\n\n",
    "continuation after a header": "[s]\n  a = 1\n    more\n  b = 2\n c = 3\n",
    "continuation looks like an option": "[s]\na = 1\n  b = 2\n",
    "continuation looks like a section": "[s]\na = 1\n  [t]\n",
    "indented header": "  [s]\n  a = 1\n",
    "header with rest": "[s] rest\na = 1\n",
    "header with brackets": "[a[b]c]\nx = 1\n",
    "empty header": "[]\na = 1\n",
    "empty header in a section": "[s]\n[]\n",
    "unclosed header": "[s\na = 1\n",
    "header keeps blanks": "[ s ]\na = 1\n",
    "duplicate section": "[s]\na = 1\n[s]\nb = 2\n",
    "duplicate option": "[s]\na = 1\nA = 2\n",
    "DEFAULT twice": "[DEFAULT]\na = 1\n[s]\nb = 2\n[DEFAULT]\nc = 3\n",
    "DEFAULT duplicate option": "[DEFAULT]\na = 1\n[DEFAULT]\na = 2\n",
    "default is another section": "[default]\na = 1\n[s]\nb = 2\n",
    "inherited and overridden": "[DEFAULT]\na = 1\nb = 2\n[s]\na = 3\n",
    "no value": "[s]\na\n",
    "empty value": "[s]\na =\nb = 1\n",
    "empty name": "[s]\n= 1\n",
    "lone percent": "[s]\na = 50%\n",
    "percent and blank": "[s]\na = 50% or so\n",
    "double percent": "[s]\na = 50%%\nb = %%%%\n",
    "reference": "[s]\na = x\nb = <%(a)s> <%(A)s>\n",
    "reference to DEFAULT": "[DEFAULT]\na = x\n[s]\nb = %(a)s\n",
    "reference from DEFAULT": "[DEFAULT]\nb = %(a)s\na = default\n[s]\na = own\n",
    "reference to nothing": "[s]\nb = %(a)s\n",
    "reference without s": "[s]\na = 1\nb = %(a)\nc = %(a\n",
    "reference to itself": "[s]\na = %(a)s\n",
    "references nine deep": "[s]\na = x\n" + "".join(
        f"{chr(98 + i)} = %({chr(97 + i)})s\n" for i in range(12)),
    "reference with percent": "[s]\na = 5%%\nb = %(a)s\n",
    "carriage returns": "[s]\r\na = 1\r\n  2\r\nb = 3\r\n",
    "old carriage returns": "[s]\ra = 1\rb = 2\r",
    "tabs": "[s]\na =\tone\n\ttwo\n",
    "unusual blanks": "[s]\na = \u00a0x\u2003\n\u3000b = y\n",
    "separators": "[s]\na = x\x1cy\x1d\nb = \x85z\n",
    "form feed": "[s]\na = 1\n\x0cb = 2\n",
    "names with blanks": "[s]\nlong name = 1\nother  name\t: 2\n",
    "non-ASCII": "[étagère]\nÀ = ß\n",
    "value with brackets": "[s]\na = [b]\n[c] = d\n",
}

PIECES = [
    "[s]", "[t]", "[DEFAULT]", "a = 1", "b: 2", "A=3", "c", "=x", "x = ", "  more", "    deep",
    "", "   ", "# c", "  ; c", "d = 5%", "e = %%", "f = %(a)s", "  g = %(f)s", "[", "h = [i]",
    "\tt", "k = v = w", "[s] z", "long name : y", " one = 1",
]


def read(text):
    parser = configparser.ConfigParser()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.ini")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            parser.read(path, encoding="utf-8")
        except configparser.Error as error:
            return {"error": type(error).__name__}
    sections = {}
    for name in [parser.default_section, *parser.sections()]:
        values = sections[name] = {}
        proxy = parser[name]
        for option in proxy:
            try:
                values[option] = proxy[option]
            except configparser.Error as error:
                values[option] = {"error": type(error).__name__}
    return {"sections": sections}


def table(text):
    entries = {}
    try:
        for entry in text.split(","):
            parts = entry.split(":")
            entries[float(parts[0].strip())] = float(parts[1].strip())
    except (IndexError, ValueError) as error:
        return {"error": type(error).__name__}
    return {"table": sorted(entries.items())}


TABLES = [
    "0: 25, 37: 30, 38: 40", "0:25", " 0 : 25 ,1:2 ", "0: 25,", ",0: 25", "0", "", "0: x", "x: 0",
    "0: 25: 99, 1: 2: 3", "0: 25, 0: 30", "-5: 10, 0: 20", "0.5: 1, 0: 0", "1e1: 5, 0: 1_0",
    "+1: +2, 0: 0", ".5: 1., 0: 0", "0: 25; 1: 2", "0: 2 5", "1__0: 5, 0: 1", "0:\n25,\n10: 30",
    "0x10: 1, 0: 0", "1e: 1, 0: 0", "_1: 1, 0: 0", "1_: 1, 0: 0", "1.e2: 1, 0: 0", "-0: 5", "0: ",
]


def main():
    rng = random.Random(1)
    texts = dict(CHOSEN)
    for number in range(160):
        lines = [rng.choice(PIECES) for _ in range(rng.randrange(1, 9))]
        if rng.random() < 0.8:
            lines.insert(0, "[s]")
        texts[f"random {number}"] = "\n".join(lines) + "\n"
    json.dump({
        "about": "Written by make_ini_vectors.py, Python " + sys.version.split()[0],
        "texts": [{"name": name, "text": text, **read(text)} for name, text in texts.items()],
        "tables": [{"text": text, **table(text)} for text in TABLES],
    }, sys.stdout, indent=1)
    print()


main()
